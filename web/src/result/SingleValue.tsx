import { useT } from '../i18n/useT'
import { useFormats, type Cell, type Formats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import type { ChartProps } from './Chart'
import { figure, isDated, isNumeric, showCell, type ResultColumn, type ResultModel } from './columns'

/** One figure, its change against the period before, and its course if there is a date. */
export function SingleValue({ chart, model, result, onPick, description }: ChartProps) {
  const t = useT()
  const formats = useFormats()
  const column = model.figures.find((candidate) => candidate.variant === 'value' && isNumeric(candidate) && (chart.series === undefined || chart.series.includes(candidate.base))) ?? model.figures.find(isNumeric)
  if (column === undefined) return null
  const dated = model.dimensions.find(isDated)
  const order = dated === undefined ? result.rows.map((_, at) => at) : inOrder(result.rows, dated.index)
  const last = order.at(-1) ?? 0
  // Over all periods only the service knows the figure; without its totals the latest period stands.
  const whole = dated === undefined ? result.rows[0] : result.totals
  const cells = whole ?? result.rows[last] ?? []
  const value = cells[column.index] ?? null
  const shown = showCell(value, column, model, formats)
  const pick = onPick !== undefined && column.drillable && whole !== result.totals && value !== null ? () => onPick(last, column) : undefined
  return (
    <div className="rc-single" role="group" aria-label={description}>
      <div className="row rc-figure">
        <div className="grow">{pick === undefined ? <span className="big">{shown}</span> : <button type="button" className="big" onClick={pick}>{shown}</button>}</div>
        {dated === undefined ? null : <Sparkline values={order.map((at) => figure(result.rows[at]?.[column.index]))} />}
      </div>
      <Change {...{ cells, column, model, formats }} good={chart.good} />
      {dated !== undefined && whole === null ? <p className="s12 mut">{t('result.single.trend', { period: showCell(cells[dated.index], dated, model, formats) })}</p> : null}
    </div>
  )
}

function inOrder(rows: Cell[][], index: number): number[] {
  const at = rows.map((cells, row) => ({ row, value: String(cells[index] ?? '') })).filter(({ value }) => value !== '')
  return at.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)).map(({ row }) => row)
}

type ChangeProps = { cells: Cell[]; column: ResultColumn; model: ResultModel; formats: Formats; good: 'up' | 'down' | undefined }

/** Arrow, amount and what it is compared with. Colour only where the reader said which way is good. */
function Change({ cells, column, model, formats, good }: ChangeProps) {
  const t = useT()
  const other = model.figures.find((candidate) => candidate.measure === column.measure && candidate.variant === 'before')
  if (other === undefined) return null
  const [now, before] = [figure(cells[column.index]), figure(cells[other.index])]
  if (now === null || before === null) return <p className="s12 mut rc-change">{t('result.single.noBefore')}</p>
  const change = changeOf(now, before, column)
  const tone = change.delta === 0 || good === undefined ? '' : (change.delta > 0) === (good === 'up') ? 'ok' : 'bad'
  return (
    <p className="row rc-change">
      <span className={`chg ${tone}`}>
        {change.delta === 0 ? t('result.single.same') : (
          <>
            <Icon name={change.delta > 0 ? 'arrowUp' : 'arrowDown'} />
            <span className="vh">{t(change.delta > 0 ? 'result.single.up' : 'result.single.down')} </span>
            {change.share === null ? showCell(round(Math.abs(change.delta)), column, model, formats) : formats.percent(Math.abs(change.share))}
          </>
        )}
      </span>
      <span className="s12 mut">{t('result.single.against', { before: showCell(cells[other.index], column, model, formats) })}</span>
    </p>
  )
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000

/** Counts and sums change by a share; averages and other figures by their own amount. */
export function changeOf(now: number, before: number, column: Pick<ResultColumn, 'measure' | 'additive'>): { delta: number; share: number | null } {
  const delta = now - before
  const counted = column.additive || /\.(count|sum|count_distinct)$/.test(column.measure)
  return { delta, share: counted && before !== 0 ? delta / before : null }
}

const [W, H, PAD] = [128, 40, 4]

/** The course of the figure, without axes: its periods are in the table. */
function Sparkline({ values }: { values: (number | null)[] }) {
  const known = values.filter((value): value is number => value !== null)
  if (known.length < 2) return null
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const point = (value: number, at: number): [number, number] => [
    PAD + (at / (values.length - 1)) * (W - 2 * PAD),
    high === low ? H / 2 : PAD + ((high - value) / (high - low)) * (H - 2 * PAD),
  ]
  const points = values.flatMap((value, at) => (value === null ? [] : [point(value, at)]))
  const end = points.at(-1) as [number, number]
  return (
    <svg width={W} height={H} viewBox={`0 0 ${W} ${H}`} aria-hidden="true" className="rc-spark">
      <polyline points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} fill="none" stroke="var(--c7)" strokeWidth="1.5" strokeLinejoin="round" />
      <circle cx={end[0]} cy={end[1]} r="3" fill="var(--c7)" stroke="var(--surface)" strokeWidth="1.5" />
    </svg>
  )
}
