import { useQuery } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import { call } from '../api/call'
import { getQuarantine, type ReasonCount } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { useOps } from './context'
import { byteLength, sample, SHOWN_MOST } from './masking'
import { filterOf, keyOf, type Selection } from './moves'
import { Scroll } from './Panel'
import { QuarantineItems } from './QuarantineItems'
import { refusal, sourceName } from './reasons'
import { sizeText } from './sizes'

const FIRST = 20
type Within = { tenant: string; object: string }
type SortKey = 'count' | 'oldest'

/** One row for each reason and source. A row opens to its events. */
export function QuarantineTable({ rows, within, marked, onMark, onMove }: {
  rows: readonly ReasonCount[]
  within: Within
  marked: ReadonlySet<string>
  onMark: (marked: ReadonlySet<string>) => void
  onMove: (kind: 'replay' | 'discard', selection: Selection) => void
}) {
  const t = useT()
  const { zone } = useOps()
  const formats = useFormats()
  const [open, setOpen] = useState<string | null>(null)
  const [sort, setSort] = useState<SortKey>('count')
  const [all, setAll] = useState(false)
  const sorted = [...rows].sort((a, b) => (sort === 'count' ? b.count - a.count : a.oldest.localeCompare(b.oldest)))
  const shown = all ? sorted : sorted.slice(0, FIRST)
  const allMarked = rows.every((row) => marked.has(keyOf(row)))
  const some = !allMarked && rows.some((row) => marked.has(keyOf(row)))
  const mark = (keys: readonly string[], on: boolean) => {
    const next = new Set(marked)
    for (const key of keys) if (on) next.add(key); else next.delete(key)
    onMark(next)
  }
  const head = (key: SortKey, label: string) => (
    <th scope="col" className={key === 'count' ? 'n' : ''} aria-sort={sort === key ? (key === 'count' ? 'descending' : 'ascending') : undefined}>
      <button type="button" onClick={() => setSort(key)}>{label}{sort === key ? <Icon name={key === 'count' ? 'arrowDown' : 'arrowUp'} /> : null}</button>
    </th>
  )
  return (
    <>
      <Scroll label={t('ops.quarantine')}>
        <table className="t opsquarantine">
          <caption className="vh">{t('ops.quarantine')}</caption>
          <thead>
            <tr>
              <th scope="col" className="opscheck"><Tick label={t('ops.quarantine.markAll')} checked={allMarked} some={some} onChange={(on) => mark(rows.map(keyOf), on)} /></th>
              <th scope="col">{t('ops.reason')}</th>
              <th scope="col">{t('ops.source')}</th>
              {head('count', t('ops.quarantine.count'))}
              {head('oldest', t('ops.quarantine.first', { zone: formats.zoneName(new Date().toISOString(), zone) }))}
              <th scope="col">{t('ops.quarantine.newest')}</th>
              <th scope="col">{t('ops.quarantine.sample')}</th>
              <th scope="col"><span className="vh">{t('common.details')}</span></th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => {
              const key = keyOf(row)
              const name = t('ops.quarantine.row', { reason: refusal(row.code, t), source: sourceName(row.source) })
              const opened = open === key
              return (
                <Fragment key={key}>
                  <tr className={marked.has(key) ? 'marked' : ''}>
                    <td className="opscheck"><Tick label={name} checked={marked.has(key)} onChange={(on) => mark([key], on)} /></td>
                    <th scope="row" className="plain strong">{refusal(row.code, t)}</th>
                    <td>{sourceName(row.source)}</td>
                    <td className="n strong">{formats.number(row.count)}</td>
                    <td className="opsnum">{formats.instant(row.oldest, zone, { year: false, zoneName: false })}</td>
                    <Newest row={row} within={within} />
                    <td className="n">
                      <button type="button" className="btn ghost xs" aria-expanded={opened} aria-label={t(opened ? 'ops.quarantine.hideRow' : 'ops.quarantine.showRow', { row: name })} onClick={() => setOpen(opened ? null : key)}>
                        {t(opened ? 'ops.hide' : 'common.show')}<Icon name={opened ? 'chevronDown' : 'chevronRight'} />
                      </button>
                    </td>
                  </tr>
                  {opened ? (
                    <tr className="opsopen"><td colSpan={8}><QuarantineItems filter={{ ...within, code: row.code, source: row.source }} onMove={onMove} /></td></tr>
                  ) : null}
                </Fragment>
              )
            })}
          </tbody>
        </table>
      </Scroll>
      {rows.length > FIRST ? (
        <div className="opsmore"><button type="button" className="btn ghost xs" aria-expanded={all} onClick={() => setAll(!all)}>{all ? t('ops.fewer') : t('ops.quarantine.all', { count: rows.length })}</button></div>
      ) : null}
    </>
  )
}

function Tick({ label, checked, some = false, onChange }: { label: string; checked: boolean; some?: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="opstick">
      <input type="checkbox" aria-label={label} checked={checked} ref={(node) => { if (node !== null) node.indeterminate = some }} onChange={(event) => onChange(event.target.checked)} />
    </label>
  )
}

/** Whose the newest event of a row is, and where its problem lies, masked. Counts do not say either. */
function Newest({ row, within }: { row: ReasonCount; within: Within }) {
  const t = useT()
  const formats = useFormats()
  const newest = useQuery({
    queryKey: ['quarantine', within.tenant, 'newest', within.object, row.code, row.source, row.newest],
    queryFn: async ({ signal }) => {
      const page = await call(getQuarantine({ query: { ...filterOf({ ...within, code: row.code, source: row.source }), page_size: 1 }, signal }))
      return page.items[0] ?? null
    },
    staleTime: Infinity,
  })
  const item = newest.data
  if (item === undefined && newest.isPending) return <><td><span className="sk opsline" /></td><td><span className="sk opsline" /></td></>
  if (item == null) return <><td className="mut">–</td><td className="mut">–</td></>
  const bytes = byteLength(item.payload, item.payload_base64)
  const text = item.payload_base64 !== null || bytes > SHOWN_MOST ? null : sample(item.payload, item.pointer)
  return (
    <>
      <td>{item.tenant}{item.object === '' ? null : <span className="mut"> · {item.object}</span>}</td>
      <td className="mono sub opssample">{text ?? t('ops.notShown', { size: sizeText(bytes, formats, t) })}</td>
    </>
  )
}
