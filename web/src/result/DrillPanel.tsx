import '../styles/result.css'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, type ReactNode } from 'react'
import { Link } from 'react-router'
import { call } from '../api/call'
import { drill, type DrillData, type ResultBody } from '../api/query'
import { useLanguage } from '../i18n/LanguageProvider'
import { useT } from '../i18n/useT'
import { objectOf } from '../report/names'
import type { Report } from '../report/types'
import { reportPath } from '../report/url'
import { useTenant } from '../session/SessionProvider'
import { useCatalog, type Catalog } from '../shared/catalog'
import { SidePanel } from '../shared/Dialog'
import { EMPTY, useFormats, type Cell } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { isFigure, readResult, showCell, type ResultColumn, type ResultModel } from './columns'
import { useExport } from './ExportMenu'
import { runReport } from './useReport'

const PAGE = 100

type DrillProps = {
  report: Report
  /** The values of the report's dimensions, fewer for a subtotal; null for the totals. */
  row: Cell[] | null
  column: ResultColumn
  /** What the figure is, for the title: "Email · Tickets". */
  figure: string
  onClose: () => void
  /** Opens the list in the page's own way; a link to the builder, if left out. */
  onOpen?: (report: Report) => void
}

/** The records behind a figure. */
export function DrillPanel({ report, row, column, figure, onClose, onOpen }: DrillProps) {
  const t = useT()
  const { tenant } = useTenant()
  const { language } = useLanguage()
  const asked = useQuery({
    queryKey: ['drill', tenant, report, row, column.name, language],
    queryFn: async ({ signal }) =>
      (await call(drill({ path: { tenant }, body: { request: report, row, column: column.name } as unknown as DrillData['body'], signal }))).request as unknown as Report,
  })
  const pages = useInfiniteQuery({
    queryKey: ['drilled', tenant, asked.data, language],
    queryFn: ({ pageParam, signal }) => runReport(tenant, { ...(asked.data as Report), limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: ResultBody) => page.next ?? null,
    enabled: asked.data !== undefined,
  })
  const catalog = useCatalog()
  const failed = asked.error ?? pages.error ?? catalog.error
  const again = () => void (asked.isError ? asked.refetch() : pages.isError ? pages.refetch() : catalog.refetch())
  return (
    <SidePanel title={t('result.drill.title', { figure })} onClose={onClose} size="min(880px, 100%)">
      {failed !== null ? <ProblemNotice error={failed} again={again} /> : pages.data === undefined || asked.data === undefined || catalog.data === undefined ? <Skeletons rows={10} /> : (
        <Records
          list={asked.data}
          pages={pages.data.pages}
          catalog={catalog.data}
          figure={figure}
          pairs={column.name.startsWith('contact.') && report.object !== 'contact'}
          onOpen={onOpen}
          more={pages.hasNextPage ? <button type="button" className="btn" aria-disabled={pages.isFetchingNextPage} onClick={() => !pages.isFetchingNextPage && void pages.fetchNextPage()}>{t('result.drill.more')}</button> : null}
        />
      )}
    </SidePanel>
  )
}

type RecordsProps = { list: Report; pages: ResultBody[]; catalog: Catalog; figure: string; pairs: boolean; onOpen: DrillProps['onOpen']; more: ReactNode }

function Records({ list, pages, catalog, figure, pairs, onOpen, more }: RecordsProps) {
  const t = useT()
  const formats = useFormats()
  const { tenant } = useTenant()
  const first = pages[0] as ResultBody
  const model = useMemo(() => readResult(first, list, catalog), [first, list, catalog])
  const rows = pages.flatMap((page) => page.rows)
  const matching = first.matching ?? rows.length
  const files = useExport(figure, first.snapshot)
  const open = <><Icon name="external" />{t('result.drill.open')}</>
  return (
    <div className="rs-drill">
      <div className="row wrap">
        <p className="s13" role="status">
          <strong>{t(pairs ? 'result.drill.pairs' : 'result.drill.matching', { count: matching })}</strong>
          {rows.length < matching ? <span className="mut"> · {t('result.drill.shown', { shown: formats.number(rows.length) })}</span> : null}
        </p>
        <span className="grow" />
        {matching === 0 ? null : (
          <button type="button" className="btn sm" aria-disabled={files.bytes !== null} onClick={() => void files.start(list, 'csv', true)}><Icon name="download" />{t('result.drill.export')}</button>
        )}
        {onOpen === undefined ? <Link className="btn sm" to={reportPath(tenant, { report: list, chart: { type: 'table' } })}>{open}</Link> : <button type="button" className="btn sm" onClick={() => onOpen(list)}>{open}</button>}
      </div>
      {files.error === null ? null : <ProblemNotice error={files.error} compact />}
      {rows.length === 0 ? <p className="sub">{t('result.drill.none')}</p> : <RecordTable {...{ rows, model, figure }} />}
      <div className="row">{more}</div>
    </div>
  )
}

function RecordTable({ rows, model, figure }: { rows: Cell[][]; model: ResultModel; figure: string }) {
  const t = useT()
  return (
    <div className="rt-scroll" tabIndex={0} role="region" aria-label={t('result.table.region', { title: figure })}>
      <table className="t rt">
        <caption className="vh">{t('result.drill.table', { figure })}</caption>
        <thead><tr>{model.columns.map((column) => <th key={column.name} scope="col" className={isFigure(column) ? 'n' : ''}>{column.label}</th>)}</tr></thead>
        <tbody>
          {rows.map((cells, at) => (
            <tr key={at}>{model.columns.map((column) => <td key={column.name} className={isFigure(column) ? 'n' : ''}><RecordCell {...{ column, model }} value={cells[column.index] ?? null} /></td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A record's id leads to where it came from; the builder lets such a link pass, for Back leads to the question again. */
function RecordCell({ value, column, model }: { value: Cell; column: ResultColumn; model: ResultModel }) {
  const t = useT()
  const formats = useFormats()
  const { tenant } = useTenant()
  const text = showCell(value, column, model, formats)
  if (text === EMPTY) return <span className="mut"><span aria-hidden="true">{EMPTY}</span><span className="vh">{t('common.noValue')}</span></span>
  const field = column.field ?? ''
  if (!field.endsWith('._id')) return text
  const query = new URLSearchParams({ object: objectOf(field), id: String(value) })
  return <Link className="lk" to={`/t/${encodeURIComponent(tenant)}/data/records?${query.toString()}`} state={{ record: true }} title={t('result.drill.trace', { id: text })}>{text}</Link>
}
