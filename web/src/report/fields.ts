import type { CatalogBody, DimensionBody, ExploreBody, MeasureBody } from '../api/query'
import type { Granularity } from './types'
import { objectOf } from './names'

/** A field that can be grouped by, filtered or listed. */
export type FieldInfo = {
  name: string
  object: string
  label: string
  type: string
  options: { value: string; label: string }[]
  granularities: Granularity[]
  scale: number | null
  currency: string | null
  description: string | null
  builtIn: boolean
}

/** A measure of the catalog. */
export type MeasureInfo = { name: string; object: string; label: string; type: string; scale: number | null; currency: string | null; builtIn: boolean }

/** Names of a catalog, found in constant time. */
export type CatalogIndex = {
  explores: Map<string, ExploreBody>
  fields: Map<string, FieldInfo>
  measures: Map<string, MeasureInfo>
}

const kept = new WeakMap<CatalogBody, CatalogIndex>()

/** The catalog's fields and measures by name. */
export function indexOf(catalog: CatalogBody): CatalogIndex {
  const found = kept.get(catalog)
  if (found !== undefined) return found
  const made: CatalogIndex = { explores: new Map(), fields: new Map(), measures: new Map() }
  for (const explore of catalog.explores) {
    made.explores.set(explore.object, explore)
    for (const dimension of explore.dimensions) made.fields.set(dimension.name, fieldInfo(dimension))
    for (const measure of explore.measures) made.measures.set(measure.name, measureInfo(measure))
  }
  kept.set(catalog, made)
  return made
}

function fieldInfo(dimension: DimensionBody): FieldInfo {
  return {
    name: dimension.name,
    object: objectOf(dimension.name),
    label: dimension.label,
    type: dimension.type,
    options: dimension.options ?? [],
    granularities: (dimension.granularities ?? []) as Granularity[],
    scale: dimension.scale ?? null,
    currency: dimension.currency ?? null,
    description: dimension.description ?? null,
    builtIn: dimension.built_in ?? false,
  }
}

function measureInfo(measure: MeasureBody): MeasureInfo {
  return {
    name: measure.name,
    object: objectOf(measure.name),
    label: measure.label,
    type: measure.type,
    scale: measure.scale ?? null,
    currency: measure.currency ?? null,
    builtIn: measure.built_in ?? false,
  }
}

/** A text for comparisons that ignore case and accents. */
export const folded = (text: string): string => text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase()
