import { Link } from 'react-router'
import type { SchemaBody } from '../api/schema'
import type { LinkAnswer } from '../api/snapshot'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'
import { unusedLinks } from './outcomes'

/** The links of a record, and the contact that each leads to; or why it leads to none yet, or why reports do not use it. */
export function RecordLinks({ links, schema }: { links: readonly LinkAnswer[]; schema: SchemaBody | undefined }) {
  const t = useT()
  const relationship = (slug: string) => schema?.relationships?.find((each) => each.slug === slug)
  const unused = unusedLinks(links, (slug) => relationship(slug) !== undefined && relationship(slug)?.many !== true)
  return (
    <section className="card recordpart" aria-labelledby="record-links">
      <h3 id="record-links">{t('records.links')}</h3>
      {links.length === 0 ? <p className="s13 mut nolinks">{t('records.noLinks')}</p> : (
        <ul>
          {links.map((link) => (
            <li key={`${link.relationship} ${link.form} ${link.value}`} className="recordlink s13">
              <p className="strong">{relationship(link.relationship)?.label || link.relationship}</p>
              <p className="sub">{t(`records.form.${link.form}` as MessageId)} <span className="mono">{link.value}</span></p>
              <LinkState link={link} unused={unused.has(link)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function LinkState({ link, unused }: { link: LinkAnswer; unused: boolean }) {
  const t = useT()
  if (unused) return <p className="state off linkstate"><Icon name="minus" /><span>{t('records.notUsed')} {link.contact === null ? null : <ContactLink contact={link.contact} />}</span></p>
  if (link.contact === null) return <p className="state warn linkstate"><Icon name="hourglass" />{link.message ?? t('records.unresolved')}</p>
  return <p className="state ok linkstate"><Icon name="person" /><ContactLink contact={link.contact} /></p>
}

/** A contact as a record of its own. */
export function ContactLink({ contact }: { contact: string }) {
  const t = useT()
  const { tenant } = useTenant()
  return <Link className="u" to={`/t/${encodeURIComponent(tenant)}/data/records?${new URLSearchParams({ object: 'contact', id: contact })}`}>{t('records.contact', { id: contact })}</Link>
}
