import type { Dimension, Measure } from './types'

/** The name of a dimension's column (CONTRACTS 5, meaning 8). */
export function dimensionColumn(dimension: Dimension): string {
  if (typeof dimension === 'string') return dimension
  if ('name' in dimension) return dimension.name
  return `${dimension.field}:${dimension.granularity}`
}

/** The field that a dimension groups by. */
export const dimensionField = (dimension: Dimension): string => (typeof dimension === 'string' ? dimension : dimension.field)

/** The name of a measure's column. */
export const measureColumn = (measure: Measure): string => (typeof measure === 'string' ? measure : measure.name)

/** The object of a field or measure: what stands before the first dot. A formula has none. */
export const objectOf = (name: string): string => (name.includes('.') ? name.slice(0, name.indexOf('.')) : '')
