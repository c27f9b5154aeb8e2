import { Popover } from '@mantine/core'
import { useT } from '../i18n/useT'
import type { ChartOptions, ChartType } from '../report/types'
import { Icon } from '../shared/Icon'
import { Checkbox, SelectInput } from '../shared/inputs'
import { hasLabels } from './cartesian'
import type { ResultModel } from './columns'
import { addsUp, drawnMeasures, isBarList, isSplit, measuresToDraw, oneUnit, stackingOf } from './series'

type SettingsProps = {
  chart: ChartOptions
  onChart: (chart: ChartOptions) => void
  model: ResultModel | null
  type: ChartType
  narrow: boolean
  stackable: boolean
}

/** What of the result a chart draws, and how; in a popover beside the types. */
export function ChartSettings({ chart, onChart, model, type, narrow, stackable }: SettingsProps) {
  const t = useT()
  return (
    <Popover width={288} position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <button type="button" className={`btn sm ${narrow ? 'sq' : 'ghost'}`} aria-label={t('result.settings.title')}>
          <Icon name="settings" />{narrow ? null : t('result.settings.title')}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="rs-settings" role="group" aria-label={t('result.settings.title')}>
          {model === null || type === 'single' ? null : <SeriesChoice {...{ chart, onChart, model }} />}
          {narrow && stackable && model !== null ? <StackSelect {...{ chart, onChart }} additive={addsUp(model, chart)} /> : null}
          {['bar', 'line', 'area', 'heatmap'].includes(type) && (model === null || !isBarList(model, { ...chart, type })) ? (
            <Checkbox label={t('result.settings.labels')} checked={chart.labels ?? hasLabels({ ...chart, type }, isAlone(model, chart))} onChange={(labels) => onChart({ ...chart, labels })} />
          ) : null}
          {type === 'bar' ? (
            <Checkbox label={t('result.settings.horizontal')} checked={chart.horizontal ?? false} onChange={(horizontal) => onChart({ ...chart, horizontal })} />
          ) : null}
          {type === 'single' ? <GoodSelect {...{ chart, onChart }} /> : null}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

const isAlone = (model: ResultModel | null, chart: ChartOptions): boolean =>
  model !== null && model.groups === null && !isSplit(model) && drawnMeasures(model, chart).length === 1

/** Which measures are drawn: at least one stays; where colours are values of a second dimension, only one. */
function SeriesChoice({ chart, onChart, model }: Pick<SettingsProps, 'chart' | 'onChart'> & { model: ResultModel }) {
  const t = useT()
  const choices = measuresToDraw(model)
  const drawn = drawnMeasures(model, chart)
  if (choices.length < 2) return null
  const toggle = (base: string, on: boolean) => {
    const next = choices.map((choice) => choice.base).filter((name) => (name === base ? on : drawn.includes(name) && !isSplit(model)))
    if (next.length > 0) onChart({ ...chart, series: next })
  }
  return (
    <fieldset>
      <legend className="lab">{t('result.settings.series')}</legend>
      {choices.map((choice) => (
        <Checkbox key={choice.base} label={choice.head} checked={drawn.includes(choice.base)} onChange={(on) => toggle(choice.base, on)} />
      ))}
      {oneUnit(choices) ? null : <p className="hint">{t('result.settings.seriesHint')}</p>}
    </fieldset>
  )
}

function StackSelect({ chart, onChart, additive }: Pick<SettingsProps, 'chart' | 'onChart'> & { additive: boolean }) {
  const t = useT()
  return (
    <SelectInput
      label={t('result.stack.label')}
      value={stackingOf(chart, additive)}
      options={(additive ? (['none', 'stacked', 'percent'] as const) : (['none', 'stacked'] as const)).map((name) => ({ value: name, label: t(`result.stack.${name}`) }))}
      onChange={(name) => onChart({ ...chart, stacked: name === 'none' ? false : name === 'percent' ? 'percent' : true })}
    />
  )
}

function GoodSelect({ chart, onChart }: Pick<SettingsProps, 'chart' | 'onChart'>) {
  const t = useT()
  const choose = (good: string) => {
    const { good: _old, ...rest } = chart
    onChart(good === 'up' || good === 'down' ? { ...rest, type: chart.type, good } : { ...rest, type: chart.type })
  }
  return (
    <SelectInput
      label={t('result.settings.good')}
      value={chart.good ?? ''}
      options={[{ value: '', label: t('result.settings.goodNone') }, { value: 'up', label: t('result.settings.goodUp') }, { value: 'down', label: t('result.settings.goodDown') }]}
      onChange={choose}
    />
  )
}
