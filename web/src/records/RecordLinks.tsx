import { Link } from 'react-router'
import type { SchemaBody } from '../api/schema'
import type { LinkAnswer } from '../api/snapshot'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'

/** The links of a record, and the contact that each leads to; or why it leads to none yet. */
export function RecordLinks({ links, schema }: { links: readonly LinkAnswer[]; schema: SchemaBody | undefined }) {
  const t = useT()
  const { tenant } = useTenant()
  const label = (slug: string) => schema?.relationships?.find((each) => each.slug === slug)?.label || slug
  return (
    <section className="card recordpart" aria-labelledby="record-links">
      <h3 id="record-links">{t('records.links')}</h3>
      {links.length === 0 ? <p className="s13 mut nolinks">{t('records.noLinks')}</p> : (
        <ul>
          {links.map((link) => (
            <li key={`${link.relationship} ${link.form} ${link.value}`} className="recordlink s13">
              <p className="strong">{label(link.relationship)}</p>
              <p className="sub">{t(`records.form.${link.form}` as MessageId)} <span className="mono">{link.value}</span></p>
              {link.contact === null ? (
                <p className="state warn linkstate"><Icon name="hourglass" />{link.message ?? t('records.unresolved')}</p>
              ) : (
                <p className="state ok linkstate">
                  <Icon name="person" />
                  <Link className="u" to={`/t/${encodeURIComponent(tenant)}/data/records?${new URLSearchParams({ object: 'contact', id: link.contact })}`}>{t('records.contact', { id: link.contact })}</Link>
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
