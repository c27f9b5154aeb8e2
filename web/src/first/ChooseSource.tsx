import { Link } from 'react-router'
import type { SchemaBody } from '../api/schema'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { Icon, objectIcon, type IconName } from '../shared/Icon'
import { Step } from '../shared/Steps'
import { SampleData } from './SampleData'

type Source = { icon: IconName; title: MessageId; text: MessageId; action: MessageId; to: string; primary?: boolean }

const SOURCES: Source[] = [
  { icon: 'ticket', title: 'first.source.zendesk', text: 'first.source.zendesk.text', action: 'first.source.zendesk.action', to: 'data/integrations/new?kind=zendesk', primary: true },
  { icon: 'booking', title: 'first.source.calendly', text: 'first.source.calendly.text', action: 'first.source.calendly.action', to: 'data/integrations/new?kind=calendly' },
]

/** Step 1: where the data come from. Done as soon as there is an object. */
export function ChooseSource({ objects }: { objects: SchemaBody[] }) {
  const t = useT()
  const { tenant, may } = useTenant()
  const base = `/t/${encodeURIComponent(tenant)}/`
  const done = objects.length > 0
  return (
    <Step number={1} title={t('first.step1')} text={t(done ? 'first.step1.done' : 'first.step1.text')} state={done ? 'done' : 'now'}>
      {done ? (
        <ul className="row wrap firstobjects">
          {objects.map((schema) => (
            <li key={schema.object}>
              <Link className="badge" to={`${base}data/objects/${schema.object}`}><Icon name={objectIcon(schema.object, schema.integration)} />{schema.labels?.plural ?? schema.object}</Link>
            </li>
          ))}
          <li><Link className="s13 lk" to={`${base}data/integrations`}>{t('first.step1.another')}</Link></li>
        </ul>
      ) : may('schemas:write') ? (
        <ul className="firstsources">
          {SOURCES.map((source) => (
            <SourceCard key={source.title} icon={source.icon} title={t(source.title)} text={t(source.text)}>
              <Link className={`btn sm ${source.primary ? 'primary' : ''}`} to={base + source.to}>{t(source.action)}</Link>
            </SourceCard>
          ))}
          <SourceCard icon="box" title={t('first.source.own')} text={t('first.source.own.text')}>
            <Link className="btn sm" to={`${base}data/objects/new`}>{t('first.source.own.action')}</Link>
            <Link className="btn ghost sm" to={`${base}data/import`}>{t('first.source.own.import')}</Link>
          </SourceCard>
        </ul>
      ) : <p className="notice compact firstnote"><Icon name="lock" /><span>{t('first.step1.forbidden')}</span></p>}
      {may('schemas:write') && may('records:write') ? <SampleData objects={objects} /> : null}
    </Step>
  )
}

function SourceCard({ icon, title, text, children }: { icon: IconName; title: string; text: string; children: React.ReactNode }) {
  return (
    <li className="card firstsource">
      <span className="sub row"><Icon name={icon} /></span>
      <h3>{title}</h3>
      <p className="s13 sub">{text}</p>
      <div className="row wrap">{children}</div>
    </li>
  )
}
