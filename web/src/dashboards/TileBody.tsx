import '../styles/result.css'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useT } from '../i18n/useT'
import { Chart } from '../result/Chart'
import { drawable } from '../result/chartRules'
import { readResult, type ResultColumn, type ResultModel } from '../result/columns'
import { describeChart } from '../result/describe'
import { observeSize } from '../result/observeSize'
import { ResultTable } from '../result/ResultTable'
import { groupOf } from '../result/rows'
import type { ChartType, Report, Scalar } from '../report/types'
import { useFormats, type Cell } from '../shared/formats'
import { Icon } from '../shared/Icon'
import type { Tile } from './board'
import { useBoardView } from './context'
import { conditionsOf } from './crossFilter'
import type { TileContent } from './tileText'
import type { Answer } from './useTileResult'

/** Charts of which a part, when it is clicked, filters the other tiles. In the others a click shows the records. */
const CROSSING: readonly ChartType[] = ['bar', 'pie', 'funnel', 'heatmap']
const WARNINGS_MOST = 3
const AXIS_NAME = 26
const LEGEND = 24
const NARROW = 640
const MIN_PLOT = 60

type Props = { tile: Tile; content: TileContent; answer: Answer; outdated: boolean; onDrill: (row: Cell[] | null, column: ResultColumn) => void }

/** The answer of a tile, drawn. */
export function TileBody({ tile, content, answer, outdated, onDrill }: Props) {
  const t = useT()
  const formats = useFormats()
  const { catalog, cross, editing } = useBoardView()
  const { ref, height, width } = useSize()
  const { request, result } = answer
  const model = useMemo(() => readResult(result, request, catalog), [result, request, catalog])
  const type = drawable(content.chart, request, catalog)
  if (result.rows.length === 0) return <Empty />
  const pick = (row: number, column: ResultColumn) => {
    const cells = result.rows[row] ?? []
    const conditions = CROSSING.includes(type) ? conditionsOf(request, groupPicked(cells, column, model, request, catalog)) : null
    if (conditions !== null) cross(tile.key, conditions)
    else onDrill(groupOf({ kind: 'row', index: row, cells }, model), column)
  }
  return (
    <>
      <div className={`tilebody ${type} ${outdated ? 'outdated' : ''}`} aria-busy={outdated} ref={ref}>
        {type === 'table' ? (
          <ResultTable {...{ model, result }} report={request} caption={content.title} onDrill={onDrill} compact />
        ) : height === 0 ? null : (
          <Chart
            chart={{ ...content.chart, type }}
            {...{ model, result }}
            report={request}
            height={plotHeight(type, height, width)}
            onPick={editing ? undefined : pick}
            description={describeChart(type, result, model, formats, t)}
          />
        )}
      </div>
      {result.truncated ? <p className="tilenote s12 mut">{t('dashboards.tile.cut', { count: result.rows.length })}</p> : null}
      {result.warnings.slice(0, WARNINGS_MOST).map((warning) => <p key={warning.pointer + warning.code} className="tilenote s12 warned"><Icon name="warning" />{warning.message}</p>)}
    </>
  )
}

/** What is left for the plot below the name of its axis and, where it is narrow, the legend. */
function plotHeight(type: ChartType, height: number, width: number): number {
  const named = ['bar', 'line', 'area', 'scatter'].includes(type)
  return Math.max(MIN_PLOT, Math.floor(height) - (named ? AXIS_NAME + (width < NARROW ? LEGEND : 0) : 4))
}

/** The values that make the group of a figure: of its row, and of the pivot above it. */
function groupPicked(cells: Cell[], column: ResultColumn, model: ResultModel, request: Report, catalog: ReturnType<typeof useBoardView>['catalog']) {
  const types = new Map(catalog.explores.flatMap((explore) => explore.dimensions.map((dimension) => [dimension.name, dimension.type] as const)))
  const of = (dimension: ResultColumn, value: Cell | undefined) => ({
    column: dimension.name,
    value: (value ?? null) as Scalar | null,
    type: types.get(dimension.field ?? '') ?? dimension.shape.type,
  })
  const pivots = (request.pivot?.length ?? 0) > 0 ? model.pivots.map((dimension, place) => of(dimension, column.pivot?.[place])) : []
  return [...model.dimensions.map((dimension) => of(dimension, cells[dimension.index])), ...pivots]
}

function useSize() {
  const ref = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    return observeSize(element, () => setSize((old) => (old.width === element.clientWidth && old.height === element.clientHeight ? old : { width: element.clientWidth, height: element.clientHeight })))
  }, [])
  return { ref, ...size }
}

function Empty() {
  const t = useT()
  return (
    <div className="tileempty">
      <p className="s13 strong">{t('dashboards.tile.empty')}</p>
      <p className="s12 mut">{t('dashboards.tile.emptyHint')}</p>
    </div>
  )
}
