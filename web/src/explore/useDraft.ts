import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import type { CatalogBody } from '../api/query'
import { decodeReport, encodeReport } from '../report/url'
import { suggest } from '../result/chartRules'
import type { ChartOptions, Report } from '../report/types'
import { EMPTY_DRAFT, same, step, type Draft } from './history'

/** What the builder reads and changes. */
export type DraftControl = {
  draft: Draft
  dirty: boolean
  /** Whether the reader changed the question since it was opened; one from a link or a suggestion is dirty all the same. */
  changed: boolean
  canUndo: boolean
  canRedo: boolean
  setReport: (report: Report | null) => void
  setChart: (chart: ChartOptions) => void
  setName: (name: string) => void
  start: (draft: Draft) => void
  /** Begins again with what was saved. */
  load: (draft: Draft) => void
  undo: () => void
  redo: () => void
}

/** The draft of the question that the address holds. `saved`: the Look that it began with; the address keeps only
 * what differs from it. Each change replaces the address, so back, forward and reload lose nothing. */
export function useDraft(saved: Draft | null, catalog: CatalogBody | undefined): DraftControl {
  const [parameters] = useSearchParams()
  const navigate = useNavigate()
  const asked = parameters.get('r')
  const start = useMemo(() => fromAddress(asked) ?? saved ?? EMPTY_DRAFT, [asked, saved])
  const [history, dispatch] = useReducer(step, { past: [], present: start, future: [], origin: start })
  const written = useRef<string | null>(asked)
  const base = saved ?? EMPTY_DRAFT
  const { present } = history
  // Kept with the address: a reload must not make what the reader changed look like a link.
  const changed = !same(present, history.origin) || (useLocation().state as { changed?: boolean } | null)?.changed === true
  useEffect(() => {
    if (asked === written.current) return
    written.current = asked
    dispatch({ type: 'load', draft: start })
  }, [asked, start])
  useEffect(() => {
    const text = same(present, base) || present.report === null ? null : encodeDraft(present)
    if (text === written.current) return
    written.current = text
    void navigate({ search: text === null ? '' : `?r=${text}` }, { replace: true, preventScrollReset: true, state: { changed } })
  }, [present, base, changed, navigate])
  const change = useCallback((draft: Draft) => dispatch({ type: 'change', draft }), [])
  const setReport = useCallback(
    (report: Report | null) => {
      const chart = report === null || catalog === undefined || present.byHand ? present.chart : suggest(report, catalog)
      change(report === null ? { ...present, report, byHand: false, chart: { type: 'table' } } : { ...present, report, chart })
    },
    [catalog, change, present],
  )
  const setChart = useCallback((chart: ChartOptions) => change({ ...present, chart, byHand: true }), [change, present])
  const setName = useCallback((name: string) => dispatch({ type: 'replace', draft: { ...present, name } }), [present])
  return {
    draft: present,
    dirty: !same(present, base),
    changed: changed && !same(present, base),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    setReport,
    setChart,
    setName,
    start: useCallback((draft: Draft) => dispatch({ type: 'start', draft }), []),
    load: useCallback((draft: Draft) => dispatch({ type: 'load', draft }), []),
    undo: useCallback(() => dispatch({ type: 'undo' }), []),
    redo: useCallback(() => dispatch({ type: 'redo' }), []),
  }
}

function fromAddress(text: string | null): Draft | null {
  const question = text === null ? null : decodeReport(text)
  if (question === null) return null
  return { report: question.report, chart: question.chart, byHand: true, name: question.name ?? '' }
}

function encodeDraft(draft: Draft): string | null {
  return draft.report === null ? null : encodeReport({ report: draft.report, chart: draft.chart, name: draft.name })
}
