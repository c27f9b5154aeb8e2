import { useT } from '../i18n/useT'
import type { ChartType } from '../report/types'

/** The shape of what a tile will show; on paper, that it is not there. */
export function TileSkeleton({ type, label }: { type: ChartType; label: string }) {
  const t = useT()
  return (
    <>
      <div className={`tileshape ${type}`} role="status" aria-label={label}>
        {Array.from({ length: PARTS[type] ?? 6 }, (_, index) => (
          <div key={index} className="sk" style={style(type, index)} />
        ))}
      </div>
      <p className="s12 sub paperonly">{t('dashboards.print.notLoaded')}</p>
    </>
  )
}

const PARTS: Partial<Record<ChartType, number>> = { single: 2, line: 1, area: 1, pie: 1, scatter: 1, heatmap: 1, table: 6, bar: 7, funnel: 4 }

function style(type: ChartType, index: number): React.CSSProperties | undefined {
  if (type === 'bar') return { height: `${[55, 80, 40, 95, 65, 30, 72][index] ?? 50}%` }
  if (type === 'funnel') return { width: `${[100, 82, 60, 36][index] ?? 50}%` }
  return undefined
}
