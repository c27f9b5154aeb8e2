import type { CatalogBody } from '../../api/query'
import { useT } from '../../i18n/useT'
import type { Report } from '../../report/types'
import { useFormats } from '../../shared/formats'
import { Icon } from '../../shared/Icon'
import { chipsOf } from './chips'
import { removeExtra } from './edits'
import { EXTRAS_ICONS } from './ExtrasMenu'
import type { ExtrasKind } from './kinds'
import '../../styles/extras.css'

/** The advanced parts that a report has: a click edits one, its cross takes it away with what needs it. */
export function ExtrasChips({ report, catalog, onReport, onEdit }: {
  report: Report
  catalog: CatalogBody
  onReport: (report: Report) => void
  onEdit: (kind: ExtrasKind, index: number) => void
}) {
  const t = useT()
  const chips = chipsOf(report, catalog, t, useFormats())
  return (
    <>
      {chips.map(({ kind, index, name, value }) => (
        <span key={`${kind}${index}`} className="fchip xchip">
          <button type="button" className="fopen" onClick={() => onEdit(kind, index)}>
            <span className="vh">{t('extras.chip.edit', { kind: t(`extras.kind.${kind}`) })}</span>
            <Icon name={EXTRAS_ICONS[kind]} className="xg" />
            <span className="f">{name}</span>
            <span className={`o trunc ${kind === 'calculation' || kind === 'formula' ? 'mono' : ''}`}>{value}</span>
            <span className="cv"><Icon name="chevronDown" /></span>
          </button>
          <button type="button" className="x" aria-label={t('extras.chip.remove', { name: `${name} ${value}` })} onClick={() => onReport(removeExtra(report, kind, index))}><Icon name="close" /></button>
        </span>
      ))}
    </>
  )
}
