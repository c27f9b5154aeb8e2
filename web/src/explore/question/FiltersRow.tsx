import { useState, type ReactNode } from 'react'
import type { CatalogBody } from '../../api/query'
import { FieldMenu } from '../../filters/FieldMenu'
import { FilterChip } from '../../filters/FilterChip'
import { complete, operatorOf, operatorsOf, sent, valuesFor } from '../../filters/operators'
import { parts, tree, without, withPart, type FilterPart } from '../../filters/tree'
import { useT } from '../../i18n/useT'
import { indexOf, type FieldInfo } from '../../report/fields'
import type { Condition, FilterNode, Report } from '../../report/types'
import { Icon } from '../../shared/Icon'
import { formulasAsFields } from '../extras/formulasAsFields'

/** A filter that was just added: it counts only once it says enough. `group`: the or-group that it belongs to. */
export type NewFilter = { field: FieldInfo; condition: Condition; group: number | 'new' | null }

/** The condition with which a filter on a field begins. */
export function firstCondition(field: FieldInfo): Condition {
  const [operator] = operatorsOf(field.type)
  return operator === undefined ? { field: field.name, op: 'is_not_empty' } : sent({ field: field.name, op: operator.op, values: valuesFor(operator.kind) }, operator.kind)
}

/** The filters of a report as chips: all must hold; of an or-group, one. */
export function FiltersRow({ report, catalog, onReport, added, onAdded, children }: {
  report: Report
  catalog: CatalogBody
  onReport: (report: Report) => void
  added: NewFilter | null
  onAdded: (filter: NewFilter | null) => void
  /** What stands at the end of the row. */
  children?: ReactNode
}) {
  const t = useT()
  const found = parts(report.filters)
  const zone = report.timezone ?? catalog.snapshot?.zone
  const set = (filters: FilterNode | undefined) => {
    const { filters: _filters, ...rest } = report
    onReport(filters === undefined ? rest : { ...rest, filters })
  }
  const add = (group: NewFilter['group']) => (field: FieldInfo) => {
    const condition = firstCondition(field)
    onAdded({ field, condition, group })
  }
  const take = (condition: Condition) => {
    if (added === null) return
    set(addedTo(report.filters, condition, added.group))
    // The chip that edits it stays open; from now on it is one of the report's.
  }
  return (
    <div className="qrow filtersrow">
      <div className="qchips">
        <span className="qlab">{t('explore.filters')}</span>
        {found.map((part, index) => (
          <Part key={`${index} ${partName(part)}`} part={part} {...{ report, catalog, zone }} onChange={(next) => set(next === null ? without(report.filters, index) : withPart(report.filters, index, next))} onAdd={add(index)} />
        ))}
        {added === null ? null : (
          <Pending key={`${added.field.name} new`} added={added} {...{ report, zone }} onTake={take} onDone={() => onAdded(null)} />
        )}
        <FieldMenu catalog={catalog} base={report.object} formulas={formulasAsFields(report, catalog)} onPick={add(null)}>
          {(props) => <button type="button" className="add" {...props}><Icon name="plus" />{t('explore.addFilter')}</button>}
        </FieldMenu>
        <FieldMenu catalog={catalog} base={report.object} formulas={formulasAsFields(report, catalog)} onPick={add('new')}>
          {(props) => <button type="button" className="add" {...props}><Icon name="plus" />{t('explore.addGroup')}</button>}
        </FieldMenu>
      </div>
      <div className="qtail">
        {zone === undefined ? null : <span className="mut s12 zonetext">{t('explore.daysIn', { zone })}</span>}
        {children}
      </div>
    </div>
  )
}

type Around = { report: Report; catalog: CatalogBody; zone: string | undefined }

function Part({ part, report, catalog, zone, onChange, onAdd }: Around & { part: FilterPart; onChange: (part: FilterPart | null) => void; onAdd: (field: FieldInfo) => void }) {
  const t = useT()
  if (part.kind === 'condition') {
    return <Chip condition={part.condition} {...{ report, catalog, zone }} onChange={(condition) => onChange({ kind: 'condition', condition })} onRemove={() => onChange(null)} />
  }
  if (part.kind === 'other') {
    return (
      <span className="fchip">
        <span className="f">{t('filters.other')}</span>
        <button type="button" className="x" aria-label={t('filters.remove', { field: t('filters.other') })} onClick={() => onChange(null)}><Icon name="close" /></button>
      </span>
    )
  }
  const keep = (conditions: Condition[]) => onChange(conditions.length === 0 ? null : { kind: 'any', conditions })
  return (
    <span className="orgroup" role="group" aria-label={t('explore.groupLabel')}>
      {part.conditions.map((condition, at) => (
        <span key={`${at} ${condition.field}`} className="oritem">
          {at === 0 ? null : <span className="mut s12">{t('explore.groupOr')}</span>}
          <Chip condition={condition} {...{ report, catalog, zone }} onChange={(next) => keep(part.conditions.map((old, index) => (index === at ? next : old)))} onRemove={() => keep(part.conditions.filter((_, index) => index !== at))} />
        </span>
      ))}
      <FieldMenu catalog={catalog} base={report.object} formulas={formulasAsFields(report, catalog)} onPick={onAdd}>
        {(props) => <button type="button" className="add" {...props}><Icon name="plus" />{t('explore.groupOr')}</button>}
      </FieldMenu>
    </span>
  )
}

/** The other conditions of the report: what can be chosen for one follows them. */
function others(report: Report, condition: Condition): FilterNode | undefined {
  return tree(parts(report.filters).filter((part) => !(part.kind === 'condition' && part.condition === condition) && part.kind !== 'any'))
}

function Chip({ condition, report, catalog, zone, onChange, onRemove }: Around & { condition: Condition; onChange: (condition: Condition) => void; onRemove: () => void }) {
  const t = useT()
  const field = indexOf(catalog).fields.get(condition.field) ?? formulasAsFields(report, catalog).find(({ name }) => name === condition.field)
  if (field === undefined) {
    return (
      <span className="fchip gone">
        <s>{condition.field}</s><span className="vh">{t('explore.removedField', { field: condition.field })}</span>
        <button type="button" className="x" aria-label={t('filters.remove', { field: condition.field })} onClick={onRemove}><Icon name="close" /></button>
      </span>
    )
  }
  return <FilterChip {...{ field, condition, onChange, onRemove, zone }} base={report.object} filters={others(report, condition)} relationship={report.relationship} />
}

/** The chip of a new filter: it opens at once, and is gone again if nothing was chosen or confirmed. Who only looks at what
 * can be filtered does not filter. */
function Pending({ added, report, zone, onTake, onDone }: Omit<Around, 'catalog'> & { added: NewFilter; onTake: (condition: Condition) => void; onDone: () => void }) {
  const [condition, setCondition] = useState(added.condition)
  const operator = operatorOf(condition, added.field.type)
  const enough = operator === null || complete(condition, operator.kind)
  const take = () => {
    onTake(condition)
    onDone()
  }
  const finish = () => (enough && condition !== added.condition ? take() : onDone())
  return <FilterChip field={added.field} condition={condition} onChange={setCondition} onRemove={onDone} base={report.object} filters={report.filters} relationship={report.relationship} zone={zone} startOpen onClosed={finish} confirm={enough ? take : null} />
}

/** The filter tree with a new condition in its place. */
export function addedTo(filters: FilterNode | undefined, condition: Condition, group: NewFilter['group']): FilterNode | undefined {
  if (group === null) return withPart(filters, null, { kind: 'condition', condition })
  if (group === 'new') return withPart(filters, null, { kind: 'any', conditions: [condition] })
  const part = parts(filters)[group]
  return part?.kind === 'any' ? withPart(filters, group, { kind: 'any', conditions: [...part.conditions, condition] }) : withPart(filters, null, { kind: 'condition', condition })
}

const partName = (part: FilterPart) => (part.kind === 'condition' ? part.condition.field : part.kind)
