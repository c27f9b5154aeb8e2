import { Popover } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useT } from '../i18n/useT'
import { describeCondition } from '../filters/describe'
import { FieldMenu } from '../filters/FieldMenu'
import { FilterEditor } from '../filters/FilterEditor'
import { complete, operatorsOf, sent, valuesFor } from '../filters/operators'
import { indexOf, type FieldInfo } from '../report/fields'
import { objectOf } from '../report/names'
import type { Condition } from '../report/types'
import type { Catalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { isFieldFilter, type BoardFilter, type FieldFilter } from './filterList'
import { filtersOn } from './tileRequest'

type Props = {
  filters: readonly BoardFilter[]
  catalog: Catalog
  /** The objects of the tiles: their fields can be filtered. */
  objects: readonly string[]
  zone: string | undefined
  onChange: (filters: BoardFilter[]) => void
  /** Opens the dialog that says what a field means in each tile; null while the dashboard is only read. */
  onMap: ((field: string) => void) | null
}

/** The filters of a dashboard as chips; a click edits one. */
export function FilterChips({ filters, catalog, objects, zone, onChange, onMap }: Props) {
  const t = useT()
  const [opened, setOpened] = useState<number | null>(null)
  const replace = (index: number, filter: BoardFilter) => onChange(filters.map((old, at) => (at === index ? filter : old)))
  const remove = (index: number) => onChange(filters.filter((_, at) => at !== index))
  const add = (field: FieldInfo) => {
    onChange([...filters, { field: field.name, condition: firstCondition(field) }])
    setOpened(filters.length)
  }
  return (
    <>
      {filters.map((filter, index) => {
        const field = isFieldFilter(filter) ? indexOf(catalog).fields.get(filter.field) : undefined
        if (!isFieldFilter(filter) || field === undefined) {
          const name = isFieldFilter(filter) ? t('dashboards.filter.unknown', { field: filter.field }) : t('dashboards.filter.other')
          return <FixedChip key={index} text={name} onRemove={() => remove(index)} />
        }
        return (
          <FieldChip
            key={`${index} ${filter.field}`}
            filter={filter}
            field={field}
            base={baseOf(field.name, objects)}
            others={filters.filter((_, at) => at !== index)}
            startOpen={opened === index}
            {...{ catalog, zone, onMap }}
            onChange={(condition) => replace(index, { field: filter.field, condition })}
            onRemove={() => remove(index)}
          />
        )
      })}
      <AddFilter catalog={catalog} objects={objects} onPick={add} />
    </>
  )
}

/** The object on which the values of a field are counted: for the contact's, the first of the tiles that can join it. */
const baseOf = (field: string, objects: readonly string[]): string => {
  const object = objectOf(field)
  return object === 'contact' ? (objects.find((other) => other !== 'contact') ?? object) : object
}

/** A date begins as the last 30 days; all else lets every value pass until its reader chooses. */
function firstCondition(field: FieldInfo): Condition | null {
  const [operator] = operatorsOf(field.type)
  if (operator === undefined || operator.kind !== 'span') return null
  const condition = { field: field.name, op: operator.op, values: valuesFor(operator.kind) }
  return complete(condition, operator.kind) ? sent(condition, operator.kind) : null
}

const draftOf = (field: FieldInfo): Condition => {
  const [operator] = operatorsOf(field.type)
  return { field: field.name, op: operator?.op ?? 'in', values: operator === undefined ? [] : valuesFor(operator.kind) }
}

function FieldChip({ filter, field, base, others, catalog, zone, startOpen, onChange, onRemove, onMap }: Pick<Props, 'catalog' | 'zone' | 'onMap'> & {
  filter: FieldFilter
  field: FieldInfo
  base: string
  others: readonly BoardFilter[]
  startOpen: boolean
  onChange: (condition: Condition | null) => void
  onRemove: () => void
}) {
  const t = useT()
  const formats = useFormats()
  const [open, setOpen] = useState(startOpen)
  // The editor begins again when its values are given up, and only then: it would lose the focus, and Escape with it.
  const [round, setRound] = useState(0)
  const { condition } = filter
  const clear = () => {
    onChange(null)
    setRound(round + 1)
  }
  const words = condition === null
    ? { field: field.label, operator: t('dashboards.filter.is'), value: t('dashboards.filter.any') }
    : describeCondition(condition, field, t, formats)
  const text = [words.field, words.operator, words.value].filter(Boolean).join(' ')
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={300} trapFocus returnFocus>
      <span className="fchip">
        <Popover.Target>
          <button type="button" className="fopen" aria-expanded={open} onClick={() => setOpen(!open)}>
            <span className="vh">{t('dashboards.filter.change')}</span>
            <span className="f">{words.operator === '' ? t('dashboards.filter.label', { field: words.field }) : words.field}</span>
            {words.operator === '' ? null : <span className="o">{words.operator}</span>}
            {words.value === '' ? null : <span className="v trunc">{words.value}</span>}
            <span className="cv"><Icon name="chevronDown" /></span>
          </button>
        </Popover.Target>
        <button type="button" className="x" aria-label={t('dashboards.filter.remove', { text })} onClick={onRemove}><Icon name="close" /></button>
      </span>
      <Popover.Dropdown aria-label={`${t('dashboards.filter.change')} ${field.label}`}>
        <FilterEditor
          key={round}
          field={field}
          condition={condition ?? draftOf(field)}
          onChange={onChange}
          base={base}
          filters={filtersOn(base, others, catalog)}
          zone={zone}
        />
        <div className="row filterfoot">
          <button type="button" className="btn ghost xs" aria-disabled={condition === null} onClick={() => condition !== null && clear()}>{t('dashboards.filter.anyValue')}</button>
          <span className="grow" />
          {onMap === null ? null : <button type="button" className="btn ghost xs" onClick={() => { setOpen(false); onMap(field.name) }}>{t('dashboards.filter.mapOpen')}</button>}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function FixedChip({ text, onRemove }: { text: string; onRemove: () => void }) {
  const t = useT()
  return (
    <span className="fchip">
      <span className="f trunc">{text}</span>
      <button type="button" className="x" aria-label={t('dashboards.filter.remove', { text })} onClick={onRemove}><Icon name="close" /></button>
    </span>
  )
}

function AddFilter({ catalog, objects, onPick }: Pick<Props, 'catalog' | 'objects'> & { onPick: (field: FieldInfo) => void }) {
  const t = useT()
  const [first, ...more] = objects
  // The list shows a base object with what it joins: here, every object of the tiles and the contact.
  const shown = useMemo(
    () => ({
      ...catalog,
      explores: catalog.explores.map((explore) => (explore.object === first ? { ...explore, joinable: [...new Set([...more, 'contact'])].filter((object) => object !== first) } : explore)),
    }),
    [catalog, first, more.join()],
  )
  if (first === undefined) return null
  return (
    <FieldMenu catalog={shown} base={first} onPick={onPick}>
      {(props) => <button type="button" className="add" title={t('dashboards.filter.add')} {...props}><Icon name="plus" />{t('dashboards.filter')}</button>}
    </FieldMenu>
  )
}
