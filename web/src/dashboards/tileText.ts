import type { LookBody } from '../api/query'
import type { useT } from '../i18n/useT'
import { indexOf } from '../report/fields'
import { dimensionField, measureColumn } from '../report/names'
import type { ChartOptions, Dimension, Measure, Report } from '../report/types'
import { readChart } from '../report/validate'
import type { Catalog } from '../shared/catalog'
import type { Tile } from './board'

/** What a tile shows: its own request or its Look's, drawn as the Look says. */
export type TileContent = { request: Report; chart: ChartOptions; title: string; description: string }

export function tileContent(tile: Tile, look: LookBody | undefined, catalog: Catalog, t: ReturnType<typeof useT>): TileContent | null {
  const request = tile.request ?? (look?.request as Report | undefined)
  if (request === undefined) return null
  const { title, description, ...drawn } = tile.chart ?? {}
  return {
    request,
    // A Look's tile follows its Look: what the tile's own chart says of the drawing is only how it was when it was saved.
    chart: readChart({ ...drawn, ...look?.chart }),
    title: title || look?.name || requestTitle(request, catalog, t),
    description: description ?? look?.description ?? '',
  }
}

/** A request in words: Tickets by Channel. */
export function requestTitle(request: Report, catalog: Catalog, t: ReturnType<typeof useT>): string {
  const { explores, fields, measures } = indexOf(catalog)
  if (request.list !== undefined) return t('dashboards.tile.listName', { object: explores.get(request.object)?.label ?? request.object })
  const measureText = (measure: Measure) => (typeof measure === 'string' ? measures.get(measure)?.label : undefined) ?? measureColumn(measure)
  const dimensionText = (dimension: Dimension) => fields.get(dimensionField(dimension))?.label ?? dimensionField(dimension)
  const figures = (request.measures ?? []).map(measureText).join(', ')
  const groups = [...(request.dimensions ?? []), ...(request.pivot ?? [])].map(dimensionText).join(', ')
  if (groups === '') return figures
  return figures === '' ? groups : t('dashboards.tile.byName', { measures: figures, dimensions: groups })
}

/** The label of a field, or its name where the data no longer have it. */
export const fieldLabel = (name: string, catalog: Catalog): string => indexOf(catalog).fields.get(name)?.label ?? name
