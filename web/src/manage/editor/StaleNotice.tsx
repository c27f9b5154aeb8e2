import { useT } from '../../i18n/useT'
import { useFormats } from '../../shared/formats'
import { Icon } from '../../shared/Icon'
import type { SchemaBody } from '../../api/schema'

/** Somebody else saved the object meanwhile: continue with that, keeping what was typed, or give it up. */
export function StaleNotice({ schema, name, yours, onMerge, onDiscard }: { schema: SchemaBody; name: string; yours: number; onMerge: () => void; onDiscard: () => void }) {
  const t = useT()
  const formats = useFormats()
  return (
    <div className="notice warn" role="alert">
      <Icon name="warning" />
      <div className="grow">
        <p className="strong">{t('manage.stale.title', { name })}</p>
        <p>{t('manage.stale.text', { version: schema.version, when: formats.relative(schema.updated_at), yours })}</p>
        <div className="row wrap">
          <button type="button" className="btn xs" onClick={onMerge}><Icon name="refresh" />{t('manage.stale.merge', { version: schema.version })}</button>
          <button type="button" className="btn ghost xs" onClick={onDiscard}>{t('manage.stale.discard')}</button>
        </div>
      </div>
    </div>
  )
}
