import { useEffect, useState } from 'react'
import type { SnapshotBlock } from '../api/query'
import { useT } from '../i18n/useT'
import type { ChartType, FilterNode, Report } from '../report/types'
import { EmptyState } from '../shared/EmptyState'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { DEFAULT_LIMIT, LIMITS } from './ResultBar'

/** The shape of the result that is computed for the first time. */
export function ResultSkeleton({ type }: { type: ChartType }) {
  const t = useT()
  return (
    <div className="rs-skeleton" role="status" aria-label={t('result.skeleton')}>
      {type === 'table' ? null : <ChartSkeleton type={type} />}
      <div className="rs-sklines" aria-hidden="true">
        {Array.from({ length: 7 }, (_, row) => (
          <div key={row} className="row">
            <div className="sk" style={{ width: `${28 - ((row * 7) % 12)}%` }} />
            <span className="grow" />
            <div className="sk" style={{ width: 56 }} />
            <div className="sk" style={{ width: 48 }} />
          </div>
        ))}
      </div>
    </div>
  )
}

const HEIGHTS = [38, 62, 55, 71, 66, 80, 74, 90, 84, 78, 94, 70]

/** A chart's shape before it is there: bars, or the figure of a single value. */
export function ChartSkeleton({ type }: { type: ChartType }) {
  if (type === 'single') {
    return <div className="rs-sksingle" aria-hidden="true"><div className="sk" /><div className="sk" /></div>
  }
  return <div className="rs-skbars" aria-hidden="true">{HEIGHTS.map((height, at) => <div key={at} className="sk" style={{ height: `${height}%` }} />)}</div>
}

/** After three seconds: how long the report has been running, and a way to stop it. */
export function Running({ startedAt, onCancel }: { startedAt: number | null; onCancel: () => void }) {
  const t = useT()
  const formats = useFormats()
  const seconds = useSeconds(startedAt)
  if (startedAt === null || seconds < 3) return null
  return (
    <div className="rs-running">
      <Icon name="clock" />
      <span role="timer">{t('result.running', { seconds: formats.number(seconds) })}</span>
      <button type="button" className="btn xs" onClick={onCancel}>{t('common.cancel')}</button>
    </div>
  )
}

function useSeconds(startedAt: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (startedAt === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [startedAt])
  return startedAt === null ? 0 : Math.max(0, Math.floor((now - startedAt) / 1000))
}

/** The reader stopped the report. */
export function Cancelled({ onRetry }: { onRetry: () => void }) {
  const t = useT()
  return (
    <div className="notice rs-note" role="status">
      <Icon name="info" />
      <p className="grow">{t('result.cancelled')}</p>
      <button type="button" className="btn xs" onClick={onRetry}><Icon name="refresh" />{t('result.run')}</button>
    </div>
  )
}

/** Nothing can be asked yet: what to choose first. */
export function Lacking({ what }: { what: 'columns' | 'measure' }) {
  const t = useT()
  return <EmptyState icon={what === 'measure' ? 'sigma' : 'list'} level={2} title={t(`result.lack.${what}`)} text={t(`result.lack.${what}.text`)} />
}

/** Nothing matches: how fresh the data are, and the shortest way back. */
export function EmptyResult({ report, snapshot, onReport }: { report: Report; snapshot: SnapshotBlock; onReport: (patch: Partial<Report>) => void }) {
  const t = useT()
  const formats = useFormats()
  const less = withoutLast(report)
  return (
    <EmptyState icon="search" level={2} title={t('result.empty.title')} text={t('result.empty.text', { instant: formats.instant(snapshot.as_of, snapshot.zone) })}>
      {less === null ? null : <button type="button" className="btn" onClick={() => onReport(less)}>{t('result.empty.remove')}</button>}
    </EmptyState>
  )
}

/** A patch without the condition that was added last: a measure filter, else a filter; null without any. */
export function withoutLast(report: Report): Partial<Report> | null {
  if (report.having !== undefined) return { having: dropLast(report.having) }
  return report.filters === undefined ? null : { filters: dropLast(report.filters) }
}

function dropLast(node: FilterNode): FilterNode | undefined {
  const [key, items] = 'and' in node ? (['and', node.and] as const) : 'or' in node ? (['or', node.or] as const) : [null, []]
  if (key === null || items.length === 0) return undefined
  const last = items.at(-1) as FilterNode
  const inner = 'and' in last || 'or' in last ? dropLast(last) : undefined
  const left = [...items.slice(0, -1), ...(inner === undefined ? [] : [inner])]
  if (left.length === 0) return undefined
  return key === 'and' ? { and: left } : { or: left }
}

/** The limit was reached: what that means for what is shown, and more rows by one click. */
export function Truncated({ report, onReport, totals }: { report: Report; onReport: (patch: Partial<Report>) => void; totals: boolean }) {
  const t = useT()
  const formats = useFormats()
  const limit = report.limit ?? DEFAULT_LIMIT
  const next = LIMITS.find((choice) => choice > limit)
  return (
    <div className="rs-cut" role="status">
      <Icon name="info" />
      <span>{t(totals ? 'result.cut.text' : 'result.cut.textPlain', { limit: formats.number(limit) })}{next === undefined ? ` ${t('result.cut.most')}` : ''}</span>
      {next === undefined ? null : <button type="button" className="btn xs" onClick={() => onReport({ limit: next })}>{t('result.cut.raise', { limit: formats.number(next) })}</button>}
    </div>
  )
}
