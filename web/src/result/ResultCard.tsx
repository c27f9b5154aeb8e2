import '../styles/result.css'
import { useMemo, useState } from 'react'
import { useT } from '../i18n/useT'
import { lackOf } from '../report/edit'
import type { ChartOptions, Report } from '../report/types'
import type { Catalog } from '../shared/catalog'
import { useFormats, type Cell } from '../shared/formats'
import { Chart } from './Chart'
import { ChartPicker } from './ChartPicker'
import { drawable } from './chartRules'
import { figureName, readResult, type ResultColumn } from './columns'
import { describeChart } from './describe'
import { ResultBar } from './ResultBar'
import { Cancelled, EmptyResult, Lacking, ResultSkeleton, Running, Truncated } from './ResultStates'
import { ResultProblem } from './ResultProblem'
import { ResultTable } from './ResultTable'
import { groupOf } from './rows'
import type { ReportState } from './useReport'
import { Warnings } from './JoinBadge'

export type ResultCardProps = {
  report: Report
  chart: ChartOptions
  onChart: (chart: ChartOptions) => void
  /** Changes members of the report: sort, limit, totals, filters, snapshot. A member set to undefined is left out. */
  onReport: (patch: Partial<Report>) => void
  state: Pick<ReportState, 'data' | 'error' | 'fetching' | 'startedAt'> & Partial<Pick<ReportState, 'outdated' | 'cancelled'>>
  catalog: Catalog
  onCancel: () => void
  onRetry: () => void
  /** Opens the records behind a figure; `row` is null for the totals. */
  onDrill?: (row: Cell[] | null, column: ResultColumn, figure: string) => void
  /** What the report is called: the caption of its table. */
  title: string
}

/** The result of the builder: how it is drawn, the chart, and the table with the same hover. */
export function ResultCard(props: ResultCardProps) {
  const { report, chart, onChart, onReport, state, catalog, onCancel, onRetry, onDrill, title } = props
  const t = useT()
  const formats = useFormats()
  const [hovered, setHovered] = useState<number | null>(null)
  // A new question is in `report` before its answer is: the old answer is read with the report that it answers.
  const answered = useAnswered(report, state)
  const model = useMemo(() => (answered === null ? null : readResult(answered.result, answered.report, catalog)), [answered, catalog])
  const type = drawable(chart, report, catalog)
  const failed = state.error !== undefined && !state.fetching
  const result = answered?.result ?? null
  const lack = lackOf(report)
  const empty = result !== null && result.rows.length === 0
  const drill = onDrill === undefined || model === null ? undefined : (row: Cell[] | null, column: ResultColumn) => onDrill(row, column, figureName(row, column, model, formats))
  const drawn = answered === null ? 'table' : drawable(chart, answered.report, catalog)
  return (
    <section className="card result rs" aria-label={t('result.region')}>
      <ChartPicker {...{ chart, onChart, report, catalog, model }} />
      <Running startedAt={state.startedAt} onCancel={onCancel} />
      {failed && state.error !== undefined ? <ResultProblem error={state.error} onRetry={onRetry} onReport={onReport} /> : null}
      {state.cancelled === true && !state.fetching ? <Cancelled onRetry={onRetry} /> : null}
      {result === null || model === null || answered === null ? (
        lack !== null ? <Lacking what={lack} /> : failed || state.cancelled === true ? null : <ResultSkeleton type={type} />
      ) : (
        <div className={`rs-body ${state.fetching || failed ? 'dim' : ''}`} aria-busy={state.fetching}>
          {empty ? (
            <EmptyResult report={report} snapshot={result.snapshot} onReport={onReport} />
          ) : (
            <>
              {drawn === 'table' ? null : (
                <Chart
                  chart={{ ...chart, type: drawn }}
                  {...{ model, result, hovered }}
                  report={answered.report}
                  onHover={setHovered}
                  onPick={drill === undefined ? undefined : (row, column) => drill(groupOf({ kind: 'row', index: row, cells: result.rows[row] ?? [] }, model), column)}
                  description={describeChart(drawn, result, model, formats, t)}
                />
              )}
              <ResultBar {...{ result, model, report, onReport }} clickable={drill !== undefined} />
              {result.truncated && !model.isList ? <Truncated report={report} onReport={onReport} totals={result.totals !== null} /> : null}
              <Warnings items={result.warnings} result={result} />
              <ResultTable
                {...{ model, result, hovered }}
                onDrill={drill}
                report={answered.report}
                caption={title}
                sort={report.sort}
                onSort={(sort) => onReport({ sort: sort.length === 0 ? undefined : sort })}
                onHover={setHovered}
              />
            </>
          )}
        </div>
      )}
    </section>
  )
}

type Answered = { result: NonNullable<ReportState['data']>; report: Report }

/** The result with the report that it answers. */
function useAnswered(report: Report, state: ResultCardProps['state']): Answered | null {
  const [kept, setKept] = useState<Answered | null>(null)
  const { data } = state
  if (data === undefined) return null
  if (state.outdated === true) return kept?.result === data ? kept : null
  if (kept?.result !== data || kept.report !== report) {
    const next = { result: data, report }
    setKept(next)
    return next
  }
  return kept
}
