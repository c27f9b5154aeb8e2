import { useState } from 'react'
import { useT } from '../i18n/useT'
import { indexOf } from '../report/fields'
import type { Report } from '../report/types'
import type { Catalog } from '../shared/catalog'
import { Dialog } from '../shared/Dialog'
import { SelectInput } from '../shared/inputs'
import type { FilterFields } from './board'
import { fieldInTile, mappable } from './tileRequest'

const DEFAULT = ''
const NONE = '-'

export type Mappable = { key: string; title: string; report: Report; filterFields: FilterFields }

/** Says for each tile which of its fields a filter of the dashboard means. */
export function MappingDialog({ field, tiles, catalog, onSave, onClose }: {
  field: string
  tiles: readonly Mappable[]
  catalog: Catalog
  onSave: (mapping: Record<string, FilterFields>) => void
  onClose: () => void
}) {
  const t = useT()
  const info = indexOf(catalog).fields.get(field)
  const label = info?.label ?? field
  const [chosen, setChosen] = useState(() => new Map(tiles.map((tile) => [tile.key, valueOf(tile.filterFields, field)])))
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    onSave(Object.fromEntries(tiles.map((tile) => [tile.key, mapped(tile.filterFields, field, chosen.get(tile.key) ?? DEFAULT)])))
    onClose()
  }
  return (
    <Dialog title={t('dashboards.filter.map', { field: label })} onClose={onClose}>
      <form className="formgrid" onSubmit={submit}>
        <p className="s13 sub">{t('dashboards.filter.mapHint')}</p>
        {tiles.map((tile) => {
          const own = fieldInTile(field, tile.report, {}, catalog)
          return (
            <SelectInput
              key={tile.key}
              label={tile.title}
              value={chosen.get(tile.key) ?? DEFAULT}
              onChange={(value) => setChosen(new Map(chosen).set(tile.key, value))}
              options={[
                { value: DEFAULT, label: own === null ? t('dashboards.filter.mapDefault', { field: label }) : t('dashboards.filter.mapSame', { field: label }) },
                ...(own === null ? [] : [{ value: NONE, label: t('dashboards.filter.mapNone') }]),
                ...mappable(info?.type ?? 'text', tile.report, catalog)
                  .filter(({ dimension }) => dimension.name !== own)
                  .map(({ explore, dimension }) => ({ value: dimension.name, label: `${explore.label} · ${dimension.label}` })),
              ]}
            />
          )
        })}
        <div className="row actions">
          <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
          <button type="submit" className="btn primary">{t('common.apply')}</button>
        </div>
      </form>
    </Dialog>
  )
}

const valueOf = (mapping: FilterFields, field: string): string => {
  const found = mapping[field]
  return found === undefined ? DEFAULT : (found ?? NONE)
}

/** The tile's mapping with a choice for one field. */
export function mapped(mapping: FilterFields, field: string, chosen: string): FilterFields {
  const { [field]: _, ...others } = mapping
  return chosen === DEFAULT ? others : { ...others, [field]: chosen === NONE ? null : chosen }
}
