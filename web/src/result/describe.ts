import type { ResultBody } from '../api/query'
import type { MessageId } from '../i18n'
import type { useT } from '../i18n/useT'
import type { ChartType } from '../report/types'
import { EMPTY, type Formats } from '../shared/formats'
import { figure, isNumeric, showCell, type ResultModel } from './columns'

/** A chart in one sentence, for those who do not see it: what it shows and its highest value. */
export function describeChart(type: ChartType, result: ResultBody, model: ResultModel, formats: Formats, t: ReturnType<typeof useT>): string {
  const name = t(`result.type.${type}` as MessageId)
  const measures = [...new Set(model.figures.filter((column) => column.variant === 'value').map((column) => column.head))].join(', ')
  const dimension = model.dimensions[0]
  const column = model.figures.find((candidate) => candidate.variant === 'value' && isNumeric(candidate))
  const top = column === undefined ? null : highest(result, column.index)
  if (dimension === undefined || column === undefined || top === null) return t('result.chart.describeShort', { type: name, measures })
  return t('result.chart.describe', {
    type: name,
    measures,
    dimension: dimension.label,
    count: result.rows.length,
    top: showCell(top[dimension.index], dimension, model, formats) === EMPTY ? t('common.noValue') : showCell(top[dimension.index], dimension, model, formats),
    value: `${showCell(top[column.index], column, model, formats)}`,
  })
}

function highest(result: ResultBody, index: number): ResultBody['rows'][number] | null {
  let best: ResultBody['rows'][number] | null = null
  for (const row of result.rows) {
    const value = figure(row[index])
    if (value !== null && (best === null || value > (figure(best[index]) ?? -Infinity))) best = row
  }
  return best
}
