import { Menu, Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useId } from 'react'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { CHART_TYPES, type ChartOptions, type ChartType, type Report } from '../report/types'
import type { Catalog } from '../shared/catalog'
import { Icon, type IconName } from '../shared/Icon'
import { blockedBecause, drawable, type Reason } from './chartRules'
import { ChartSettings } from './ChartSettings'
import type { ResultModel } from './columns'
import { addsUp, stackingOf } from './series'

const ICONS: Record<ChartType, IconName> = {
  table: 'table', bar: 'bar', line: 'line', area: 'area', pie: 'pie', single: 'single', scatter: 'scatter', funnel: 'funnel', heatmap: 'heatmap',
}

const typeName = (type: ChartType) => `result.type.${type}` as MessageId

type PickerProps = { chart: ChartOptions; onChart: (chart: ChartOptions) => void; report: Report; catalog: Catalog; model: ResultModel | null }

/** How the result is drawn: nine types, those that cannot draw it with the reason; how series stand; settings. */
export function ChartPicker({ chart, onChart, report, catalog, model }: PickerProps) {
  const t = useT()
  const narrow = useMediaQuery('(max-width: 767px)') ?? false
  const shown = drawable(chart, report, catalog)
  const choose = (type: ChartType) => onChart({ ...chart, type })
  const reason = (found: Reason): string =>
    'dimensions' in found.values ? `${t(found.id)} ${t('result.has', found.values)}` : t(found.id)
  return (
    <div className="rbar rs-picker">
      {narrow ? (
        <TypeSelect {...{ shown, choose, report, catalog, reason }} />
      ) : (
        <div className="seg" role="group" aria-label={t('result.picker.label')}>
          {CHART_TYPES.map((type) => {
            const blocked = blockedBecause(type, report, catalog)
            return <TypeButton key={type} type={type} on={shown === type} reason={blocked === null ? null : reason(blocked)} onChoose={choose} />
          })}
        </div>
      )}
      {stacks(shown, model) && !narrow ? <StackMenu chart={chart} onChart={onChart} additive={model !== null && addsUp(model, chart)} /> : null}
      <span className="grow" />
      {shown === 'table' ? null : <ChartSettings {...{ chart, onChart, model, type: shown, narrow }} stackable={stacks(shown, model)} />}
    </div>
  )
}

/** Whether a chart has series that can stand on each other. */
export const stacks = (type: ChartType, model: ResultModel | null): boolean =>
  (type === 'bar' || type === 'area') && model !== null && (model.groups !== null || model.dimensions.length > 1 || model.figures.length > 1)

function TypeButton({ type, on, reason, onChoose }: { type: ChartType; on: boolean; reason: string | null; onChoose: (type: ChartType) => void }) {
  const t = useT()
  const id = useId()
  const name = t(typeName(type))
  return (
    <Tooltip label={reason ?? name} multiline maw={280} disabled={on && reason === null} withinPortal>
      <button
        type="button"
        aria-pressed={on}
        aria-label={name}
        {...(reason === null ? {} : { 'aria-disabled': true, 'aria-describedby': id })}
        onClick={() => reason === null && onChoose(type)}
      >
        <Icon name={ICONS[type]} />
        {on ? <span aria-hidden="true">{name}</span> : null}
        {reason === null ? null : <span className="vh" id={id}>{reason}</span>}
      </button>
    </Tooltip>
  )
}

/** The browser's own select on small screens; what cannot be drawn says so in its place. */
function TypeSelect({ shown, choose, report, catalog, reason }: { shown: ChartType; choose: (type: ChartType) => void; report: Report; catalog: Catalog; reason: (found: Reason) => string }) {
  const t = useT()
  return (
    <span className="inp rs-select">
      <Icon name={ICONS[shown]} />
      <select aria-label={t('result.picker.label')} value={shown} onChange={(event) => choose(event.target.value as ChartType)}>
        {CHART_TYPES.map((type) => {
          const blocked = blockedBecause(type, report, catalog)
          return <option key={type} value={type} disabled={blocked !== null} title={blocked === null ? undefined : reason(blocked)}>{t(typeName(type))}</option>
        })}
      </select>
    </span>
  )
}

const STACKS = [['none', false], ['stacked', true], ['percent', 'percent']] as const

/** How the series of a bar or area chart stand. */
export function StackMenu({ chart, onChart, additive }: { chart: ChartOptions; onChart: (chart: ChartOptions) => void; additive: boolean }) {
  const t = useT()
  const stacking = stackingOf(chart, additive)
  const current = STACKS.find(([name]) => name === stacking) ?? STACKS[0]
  return (
    <Menu>
      <Menu.Target>
        <button type="button" className="btn sm" aria-label={`${t('result.stack.label')}: ${t(`result.stack.${current[0]}`)}`}>
          {t(`result.stack.${current[0]}`)}<Icon name="chevronDown" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {STACKS.filter(([name]) => additive || name !== 'percent').map(([name, value]) => (
          <Menu.Item key={name} role="menuitemradio" aria-checked={current[0] === name} onClick={() => onChart({ ...chart, stacked: value })} rightSection={current[0] === name ? <Icon name="check" /> : null}>
            {t(`result.stack.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
