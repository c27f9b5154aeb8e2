import { Link } from 'react-router'
import type { SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useFormats } from '../shared/formats'
import { Icon, objectIcon, TypeGlyph } from '../shared/Icon'

const FIELDS_MOST = 6

/** Where the fields will be: what waits for the first refresh, in its place. */
export function FirstPicker({ objects, due }: { objects: SchemaBody[]; due: { at: string; zone: string } | null }) {
  const t = useT()
  const formats = useFormats()
  const { tenant } = useTenant()
  const appears = due === null ? t('first.picker.appears') : t('first.picker.appearsAt', { instant: formats.instant(due.at, due.zone, { year: false, zoneName: false }) })
  return (
    <nav className="picker firstpicker" aria-label={t('first.picker')}>
      <div className="firstnone">
        <h2>{t(objects.length === 0 ? 'first.picker.none' : 'first.picker.waiting')}</h2>
        <p className="s13 sub">{t('first.picker.text')}</p>
      </div>
      {objects.map((schema) => (
        <section key={schema.object} className="objsep" aria-label={schema.labels?.plural ?? schema.object}>
          <p className="obj firstobj">
            <Icon name={objectIcon(schema.object, schema.integration)} /><span className="grow trunc">{schema.labels?.plural ?? schema.object}</span>
            <span className="state off"><Icon name="hourglass" />{t('first.picker.state')}</span>
          </p>
          <p className="blocked">{appears}</p>
          <ul>
            {(schema.fields ?? []).slice(0, FIELDS_MOST).map((field) => (
              <li key={field.slug} className="firstfield"><TypeGlyph type={field.type} /><span className="trunc">{field.label ?? field.slug}</span></li>
            ))}
          </ul>
        </section>
      ))}
      <div className="pfoot"><Icon name="table" /><span>{t('first.picker.foot')} <Link className="u" to={`/t/${encodeURIComponent(tenant)}/data`}>{t('shell.data')}</Link></span></div>
    </nav>
  )
}
