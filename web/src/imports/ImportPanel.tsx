import { Link } from 'react-router'
import type { PastImportBody, RowErrorBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { SidePanel } from '../shared/Dialog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ImportStateLabel } from './ImportStateLabel'
import { canUndo, useTooOld } from './pastImports'
import { RowErrors } from './RowErrors'

/** All that is known of one import. */
export function ImportPanel({ past, name, object, errors, onUndo, onClose }: {
  past: PastImportBody
  name: string
  object: string
  errors: RowErrorBody[]
  onUndo: () => void
  onClose: () => void
}) {
  const t = useT()
  const formats = useFormats()
  const { tenant } = useTenant()
  const old = useTooOld().tooOld.includes(past.import)
  const zone = useCatalog().data?.snapshot?.zone ?? 'UTC'
  const facts: [string, string][] = [
    [t('imports.head.object'), object],
    [t('imports.panel.mode'), t(past.mode === 'patch' ? 'imports.mode.patch' : 'imports.mode.upsert')],
    [t('imports.panel.started'), formats.instant(past.started_at, zone)],
    [t('imports.panel.finished'), past.finished_at === null ? '–' : formats.instant(past.finished_at, zone)],
    [t('imports.panel.rows'), formats.number(past.rows)],
    [t('imports.panel.accepted'), formats.number(past.accepted)],
    [t('imports.panel.refused'), formats.number(past.refused)],
    [t('imports.panel.by'), past.by],
    ...(past.parameter === '' ? [] : [[t('imports.panel.parameter'), past.parameter] as [string, string]]),
    ...(past.kept === null ? [] : [[t('imports.panel.kept'), formats.number(past.kept)] as [string, string]]),
  ]
  return (
    <SidePanel title={name} onClose={onClose} size="560px">
      <div className="formgrid">
        <p><ImportStateLabel past={past} /></p>
        {past.state === 'running' ? <p className="s13 sub">{t('imports.panel.running')}</p> : null}
        {past.state === 'failed' ? (
          <div className="notice bad compact"><Icon name="alert" /><div><p className="strong">{past.reason ?? t('common.failed')}</p><p>{t('imports.panel.failed')}</p></div></div>
        ) : null}
        <dl className="importfacts s13">
          {facts.map(([label, value]) => <div key={label}><dt className="sub">{label}</dt><dd className="trunc">{value}</dd></div>)}
        </dl>
        {past.refused === 0 ? null : errors.length > 0 ? <RowErrors errors={errors} refused={past.refused} name={name} /> : <p className="s13 sub">{t('imports.panel.noErrors')}</p>}
        <div className="row wrap">
          <Link className="btn sm" to={`/t/${encodeURIComponent(tenant)}/data/import?object=${past.object}`}><Icon name="upload" />{t('imports.panel.again')}</Link>
          {canUndo(past) && !old ? <button type="button" className="btn ghost sm" onClick={onUndo}><Icon name="undo" />{t('imports.undo')}</button> : null}
        </div>
        {canUndo(past) && old ? <p className="s13 sub">{t('imports.undo.tooOld')}</p> : null}
      </div>
    </SidePanel>
  )
}
