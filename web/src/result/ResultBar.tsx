import { Menu } from '@mantine/core'
import type { ResultBody } from '../api/query'
import { useT } from '../i18n/useT'
import type { Report } from '../report/types'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { Switch } from '../shared/inputs'
import type { ResultModel } from './columns'

export const LIMITS = [50, 100, 500, 1_000, 5_000] as const
export const DEFAULT_LIMIT = 500

type BarProps = { result: ResultBody; model: ResultModel; report: Report; onReport: (patch: Partial<Report>) => void; clickable: boolean }

/** Between chart and table: how many rows, how many at most, how long it took; totals. */
export function ResultBar({ result, model, report, onReport, clickable }: BarProps) {
  const t = useT()
  const formats = useFormats()
  const summary = !model.isList && model.dimensions.length > 0 && model.figures.length > 0
  return (
    <div className="rbar thin rs-thin">
      <span className="s13 rs-rows" role="status">
        {model.isList && result.matching != null
          ? t('result.bar.matching', { shown: formats.number(result.rows.length), matching: formats.number(result.matching) })
          : t('result.bar.rows', { count: result.rows.length })}
      </span>
      <span className="mut s12" aria-hidden="true">·</span>
      <LimitMenu limit={report.limit ?? DEFAULT_LIMIT} onLimit={(limit) => onReport({ limit })} />
      <span className="mut s12 rs-meta">
        <span aria-hidden="true">· </span>{formats.duration(result.elapsed_ms / 1000)}
        {clickable && model.figures.length > 0 ? <span className="rs-click"><span aria-hidden="true"> · </span>{t('result.bar.click')}</span> : null}
      </span>
      <span className="grow" />
      {summary ? (
        <>
          {report.totals === true ? <span className="s12 mut rs-grain">{t('result.bar.grain')}</span> : null}
          {model.dimensions.length > 1 ? <Switch label={t('result.bar.subtotals')} on={report.subtotals === true} onChange={(on) => onReport({ subtotals: on ? true : undefined })} /> : null}
          <Switch label={t('result.bar.totals')} on={report.totals === true} onChange={(on) => onReport({ totals: on ? true : undefined })} />
        </>
      ) : null}
    </div>
  )
}

function LimitMenu({ limit, onLimit }: { limit: number; onLimit: (limit: number) => void }) {
  const t = useT()
  const formats = useFormats()
  const shown = formats.number(limit)
  return (
    <Menu>
      <Menu.Target>
        <button type="button" className="btn ghost xs rs-limit">{t('result.bar.limit', { limit: shown })}<Icon name="chevronDown" /></button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('result.bar.limitLabel')}</Menu.Label>
        {LIMITS.map((choice) => (
          <Menu.Item key={choice} role="menuitemradio" aria-checked={choice === limit} rightSection={choice === limit ? <Icon name="check" /> : null} onClick={() => onLimit(choice)}>
            {t('result.bar.limitItem', { limit: formats.number(choice) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
