import { Link } from 'react-router'
import type { SchemaBody } from '../api/schema'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon, objectIcon } from '../shared/Icon'
import { contactLinks, type Column, type Order } from './objectOrder'
import { nameOf, objectPath } from './objects'
import { ReportState } from './ReportState'

const COLUMNS: readonly { column: Column; label: MessageId; number: boolean }[] = [
  { column: 'object', label: 'manage.table.object', number: false },
  { column: 'fields', label: 'manage.table.fields', number: true },
  { column: 'contact', label: 'manage.table.contact', number: false },
  { column: 'records', label: 'manage.table.records', number: true },
  { column: 'inReports', label: 'manage.table.inReports', number: false },
]

/** All objects; the whole row opens an object, its name is the link. */
export function ObjectTable({ objects, counts, selected, order, onOrder }: {
  objects: readonly SchemaBody[]
  counts: ReadonlyMap<string, number | null | undefined>
  selected: string | undefined
  order: Order
  onOrder: (order: Order) => void
}) {
  const t = useT()
  return (
    <div className="card objects" tabIndex={-1}>
      <table className="t tall">
        <caption className="vh">{t('manage.table.caption')}</caption>
        <thead>
          <tr>
            {COLUMNS.map(({ column, label, number }) => {
              const sorted = order.column === column
              return (
                <th key={column} scope="col" className={number ? 'n' : ''} aria-sort={sorted ? (order.descending ? 'descending' : 'ascending') : undefined}>
                  <button type="button" onClick={() => onOrder({ column, descending: sorted && !order.descending })}>
                    {t(label)}{sorted ? <Icon name={order.descending ? 'arrowDown' : 'arrowUp'} /> : null}
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {objects.map((object) => <ObjectRow key={object.object} object={object} count={counts.get(object.object)} selected={object.object === selected} />)}
        </tbody>
      </table>
    </div>
  )
}

function ObjectRow({ object, count, selected }: { object: SchemaBody; count: number | null | undefined; selected: boolean }) {
  const t = useT()
  const formats = useFormats()
  const { tenant } = useTenant()
  const catalog = useCatalog()
  return (
    <tr className={selected ? 'sel' : ''}>
      <th scope="row">
        <div className="row objname">
          <span className="sub row"><Icon name={objectIcon(object.object, object.integration)} /></span>
          <span className="grow">
            <Link className="objlink" id={`object-${object.object}`} to={objectPath(tenant, object.object)} aria-current={selected ? 'true' : undefined}>
              {nameOf(object, catalog.data)}
            </Link>
            {object.object === 'contact' ? <span className="pill">{t('manage.table.builtIn')}</span> : null}
            {object.integration ? <span className="pill">{t('manage.table.integration')}</span> : null}
            <div className="mono mut">{object.object}</div>
          </span>
        </div>
      </th>
      <td className="n">{object.fields === undefined ? '–' : formats.number(object.fields.length)}</td>
      <td className={object.object === 'contact' || contactLinks(object).length === 0 ? 'mut' : ''}><ContactLink object={object} /></td>
      <td className="n">{count === undefined ? <span className="sk countsk" /> : count === null ? '–' : formats.number(count)}</td>
      <td className="statecell"><ReportState schema={object} /></td>
    </tr>
  )
}

function ContactLink({ object }: { object: SchemaBody }) {
  const t = useT()
  const [first, ...others] = contactLinks(object)
  if (object.object === 'contact' || object.status === 'deleted') return '–'
  if (first === undefined) return t('manage.table.none')
  const text = t('manage.table.relationship', { label: first.label || first.slug, many: String(first.many ?? false) })
  return others.length === 0 ? text : t('manage.table.more', { first: text, count: others.length })
}

/** The shape of the table while objects are read. */
export function ObjectTableSkeleton() {
  const t = useT()
  return (
    <div className="card objectsk" role="status" aria-label={t('common.loading')}>
      <div className="head" />
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="row">
          <div className="sk" style={{ width: 16 }} /><div className="sk" style={{ width: 96 + ((index * 37) % 60) }} />
          <span className="grow" /><div className="sk" style={{ width: 24 }} /><div className="sk" style={{ width: 88 }} /><div className="sk" style={{ width: 132 }} />
        </div>
      ))}
    </div>
  )
}
