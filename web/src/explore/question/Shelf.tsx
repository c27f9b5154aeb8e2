import { useState, type DragEvent } from 'react'
import { Menu, Popover } from '@mantine/core'
import type { CatalogBody } from '../../api/query'
import { FieldMenu } from '../../filters/FieldMenu'
import type { MessageId } from '../../i18n'
import { useT } from '../../i18n/useT'
import { addField, addMeasure, moveDimension, moveMeasure, removeColumn, replaceDimension } from '../../report/edit'
import { folded, indexOf, type MeasureInfo } from '../../report/fields'
import { dimensionColumn, dimensionField, measureColumn, objectOf } from '../../report/names'
import type { Dimension, Granularity, Report } from '../../report/types'
import { Icon, TypeGlyph } from '../../shared/Icon'
import { SearchInput } from '../../shared/inputs'
import { carries, dragged, dropped } from '../drag'

type Props = { report: Report; catalog: CatalogBody; onReport: (report: Report | null) => void; announce: (text: string) => void }

/** The columns of the report: rows, pivot and values, or the columns of a list. Chips can be dragged; their menus and
 * the keyboard do the same. */
export function Shelf(props: Props) {
  const t = useT()
  const { report, catalog, onReport } = props
  if (report.list !== undefined) return <div className="qrow"><ListColumns {...props} /></div>
  const dropField = (place: 'rows' | 'pivot') => (event: DragEvent) => {
    const what = dropped(event)
    if (what?.kind !== 'field') return
    const used = [...(report.dimensions ?? []), ...(report.pivot ?? [])].some((dimension) => dimensionField(dimension) === what.name)
    const field = indexOf(catalog).fields.get(what.name)
    if (used) onReport(moveDimension(report, what.name, place))
    else if (field !== undefined) onReport(addField(report, field, catalog, place))
  }
  const dropMeasure = (event: DragEvent) => {
    const what = dropped(event)
    if (what?.kind === 'measure') onReport(addMeasure(report, what.name, catalog))
  }
  return (
    <div className="shelf">
      <DropZone kind="field" label={t('explore.rows')} onDrop={dropField('rows')}>
        {(report.dimensions ?? []).map((dimension, at) => <DimensionChip key={dimensionColumn(dimension)} dimension={dimension} place="rows" at={at} {...props} />)}
        <AddField {...props} place="rows" label={t('explore.addRow')} />
      </DropZone>
      <DropZone kind="field" label={t('explore.pivot')} onDrop={dropField('pivot')}>
        {(report.pivot ?? []).map((dimension, at) => <DimensionChip key={dimensionColumn(dimension)} dimension={dimension} place="pivot" at={at} {...props} />)}
        {(report.pivot?.length ?? 0) < 2 ? <AddField {...props} place="pivot" label={t('explore.addPivot')} /> : null}
      </DropZone>
      <DropZone kind="measure" label={t('explore.values')} onDrop={dropMeasure}>
        {(report.measures ?? []).map((measure, at) => <MeasureChip key={measureColumn(measure)} name={measureColumn(measure)} at={at} {...props} />)}
        <AddMeasure {...props} />
      </DropZone>
    </div>
  )
}

function DropZone({ kind, label, onDrop, children }: { kind: 'field' | 'measure'; label: string; onDrop: (event: DragEvent) => void; children: React.ReactNode }) {
  const [over, setOver] = useState(false)
  return (
    <div
      className={`qrow ${over ? 'over' : ''}`}
      role="group"
      aria-label={label}
      onDragOver={(event) => {
        if (!carries(event, kind)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onDrop(event)
      }}
    >
      <span className="qlab" aria-hidden="true">{label}</span>
      {children}
    </div>
  )
}

/** The label of a field; of one that is gone, its name. */
function labelOf(name: string, catalog: CatalogBody): string {
  return indexOf(catalog).fields.get(name)?.label ?? indexOf(catalog).measures.get(name)?.label ?? name
}

/** Fields of the contact say so, where the base has one of the same name or not: a reader need not know the schema. */
function ownerOf(name: string, report: Report, catalog: CatalogBody): string | null {
  const object = objectOf(name)
  return object === '' || object === report.object ? null : (indexOf(catalog).explores.get(object)?.singular ?? object)
}

function DimensionChip({ dimension, place, at, report, catalog, onReport, announce }: Props & { dimension: Dimension; place: 'rows' | 'pivot'; at: number }) {
  const t = useT()
  const name = dimensionField(dimension)
  const field = indexOf(catalog).fields.get(name)
  const label = typeof dimension === 'object' && 'name' in dimension ? dimension.name : labelOf(name, catalog)
  const granularity = typeof dimension === 'object' && 'granularity' in dimension ? dimension.granularity : null
  const owner = ownerOf(name, report, catalog)
  const count = (place === 'rows' ? report.dimensions : report.pivot)?.length ?? 0
  const formula = field === undefined && report.formulas?.some((found) => found.name === name)
  const move = (to: number) => {
    onReport(moveDimension(report, name, place, to))
    announce(t('explore.moved', { field: label, position: to + 1, count }))
  }
  if (field === undefined && !formula) return <GoneChip label={label} onRemove={() => onReport(removeColumn(report, name))} />
  return (
    <span className="chip" draggable onDragStart={(event) => dragged(event, { kind: 'field', name })}>
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button" className="copen">
            <TypeGlyph type={field?.type ?? 'number'} />
            <span>{label}{owner === null ? null : <em> · {owner}</em>}{granularity === null ? null : <em> · {t(`explore.by.${granularity}` as MessageId)}</em>}</span>
            {field !== undefined && field.granularities.length > 0 ? <span className="cv"><Icon name="chevronDown" /></span> : null}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {(field?.granularities ?? []).map((found: Granularity) => (
            <Menu.Item key={found} rightSection={granularity === found ? <Icon name="check" /> : null} onClick={() => onReport(replaceDimension(report, name, { field: name, granularity: found }))}>
              {t(`explore.grain.${found}` as MessageId)}
            </Menu.Item>
          ))}
          {field !== undefined && field.granularities.length > 0 ? <Menu.Divider /> : null}
          {at > 0 ? <Menu.Item onClick={() => move(at - 1)}>{t('explore.moveLeft')}</Menu.Item> : null}
          {at < count - 1 ? <Menu.Item onClick={() => move(at + 1)}>{t('explore.moveRight')}</Menu.Item> : null}
          <Menu.Item onClick={() => onReport(moveDimension(report, name, place === 'rows' ? 'pivot' : 'rows'))}>{t(place === 'rows' ? 'explore.toPivot' : 'explore.toRows')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <button type="button" className="x" aria-label={t('explore.removeField', { field: label })} onClick={() => onReport(removeColumn(report, name))}><Icon name="close" /></button>
    </span>
  )
}

function GoneChip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const t = useT()
  return (
    <span className="fchip gone">
      <Icon name="warning" /><s>{label}</s><span className="vh">{t('explore.removedField', { field: label })}</span>
      <button type="button" className="x" aria-label={t('explore.removeField', { field: label })} onClick={onRemove}><Icon name="close" /></button>
    </span>
  )
}

function MeasureChip({ name, at, report, catalog, onReport, announce }: Props & { name: string; at: number }) {
  const t = useT()
  const filtered = report.measures?.find((measure) => typeof measure !== 'string' && measure.name === name)
  const source = filtered === undefined || typeof filtered === 'string' ? name : filtered.measure
  const measure = indexOf(catalog).measures.get(source)
  const label = filtered === undefined ? (measure?.label ?? name) : name
  const ofFormula = report.formulas?.some((formula) => source.startsWith(`${formula.name}.`)) ?? false
  const count = report.measures?.length ?? 0
  const move = (to: number) => {
    onReport(moveMeasure(report, name, to))
    announce(t('explore.moved', { field: label, position: to + 1, count }))
  }
  const remove = () => onReport(removeColumn(report, name))
  if (measure === undefined && !ofFormula) return <GoneChip label={label} onRemove={remove} />
  return (
    <span className="chip m" draggable onDragStart={(event) => dragged(event, { kind: 'measure', name })}>
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button" className="copen">
            <TypeGlyph type={measure?.type ?? 'number'} /><span>{label}{filtered === undefined ? null : <em> · {measure?.label}</em>}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {at > 0 ? <Menu.Item onClick={() => move(at - 1)}>{t('explore.moveLeft')}</Menu.Item> : null}
          {at < count - 1 ? <Menu.Item onClick={() => move(at + 1)}>{t('explore.moveRight')}</Menu.Item> : null}
          <Menu.Item onClick={() => onReport({ ...report, sort: [{ field: name, direction: 'desc' }] })}>{t('explore.sortDesc')}</Menu.Item>
          <Menu.Item onClick={() => onReport({ ...report, sort: [{ field: name, direction: 'asc' }] })}>{t('explore.sortAsc')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <button type="button" className="x" aria-label={t('explore.removeField', { field: label })} onClick={remove}><Icon name="close" /></button>
    </span>
  )
}

function AddField({ report, catalog, onReport, place, label }: Props & { place: 'rows' | 'pivot'; label: string }) {
  const taken = new Set([...(report.dimensions ?? []), ...(report.pivot ?? [])].map(dimensionField))
  return (
    <FieldMenu catalog={catalog} base={report.object} accept={(field) => !taken.has(field.name)} onPick={(field) => onReport(addField(report, field, catalog, place))}>
      {(props) => <button type="button" className="btn ghost xs sq" aria-label={label} {...props}><Icon name="plus" /></button>}
    </FieldMenu>
  )
}

function AddMeasure({ report, catalog, onReport }: Props) {
  const t = useT()
  const [open, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const { explores, measures } = indexOf(catalog)
  const taken = new Set((report.measures ?? []).map(measureColumn))
  const explore = explores.get(report.object)
  const objects = explore === undefined ? [] : [report.object, ...explore.joinable]
  const found: MeasureInfo[] = [...measures.values()].filter((measure) => objects.includes(measure.object) && !taken.has(measure.name) && folded(measure.label).includes(folded(search)))
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={280} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="btn ghost xs sq" aria-label={t('explore.addValue')} aria-expanded={open} onClick={() => setOpen(!open)}><Icon name="plus" /></button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('explore.pickMeasure')}>
        <div className="fieldlist">
          <SearchInput label={t('filters.pick.search')} value={search} onChange={setSearch} data-autofocus />
          <div className="fieldlistbody">
            {found.map((measure) => (
              <button
                key={measure.name}
                type="button"
                className="fld m"
                onClick={() => {
                  setOpen(false)
                  onReport(addMeasure(report, measure.name, catalog))
                }}
              >
                <TypeGlyph type={measure.type} /><span className="grow trunc">{measure.label}</span>
                {measure.object === report.object ? null : <span className="mut s12">{explores.get(measure.object)?.singular ?? measure.object}</span>}
              </button>
            ))}
            {found.length === 0 ? <p className="mut s12">{t('filters.pick.none', { text: search })}</p> : null}
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function ListColumns({ report, catalog, onReport, announce }: Props) {
  const t = useT()
  const list = report.list ?? []
  const move = (from: number, to: number) => {
    const name = list[from]
    if (name === undefined) return
    const rest = list.filter((_, at) => at !== from)
    onReport({ ...report, list: [...rest.slice(0, to), name, ...rest.slice(to)] })
    announce(t('explore.moved', { field: labelOf(name, catalog), position: to + 1, count: list.length }))
  }
  return (
    <>
      <span className="qlab">{t('explore.columns')}</span>
      {list.map((name, at) => {
        const field = indexOf(catalog).fields.get(name)
        const label = labelOf(name, catalog)
        const owner = ownerOf(name, report, catalog)
        return (
          <span key={name} className="chip">
            <Menu position="bottom-start">
              <Menu.Target>
                <button type="button" className="copen">
                  <TypeGlyph type={field?.type ?? 'text'} /><span>{label}{owner === null ? null : <em> · {owner}</em>}</span>
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {at > 0 ? <Menu.Item onClick={() => move(at, at - 1)}>{t('explore.moveLeft')}</Menu.Item> : null}
                {at < list.length - 1 ? <Menu.Item onClick={() => move(at, at + 1)}>{t('explore.moveRight')}</Menu.Item> : null}
                <Menu.Item onClick={() => onReport({ ...report, sort: [{ field: name, direction: 'asc' }] })}>{t('explore.sortAsc')}</Menu.Item>
                <Menu.Item onClick={() => onReport({ ...report, sort: [{ field: name, direction: 'desc' }] })}>{t('explore.sortDesc')}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <button type="button" className="x" aria-label={t('explore.removeField', { field: label })} onClick={() => onReport(removeColumn(report, name))}><Icon name="close" /></button>
          </span>
        )
      })}
      <FieldMenu catalog={catalog} base={report.object} accept={(field) => !list.includes(field.name)} onPick={(field) => onReport(addField(report, field, catalog))}>
        {(props) => <button type="button" className="btn ghost xs sq" aria-label={t('explore.addColumn')} {...props}><Icon name="plus" /></button>}
      </FieldMenu>
    </>
  )
}
