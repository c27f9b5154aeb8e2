import { useState } from 'react'
import type { RecordEventAnswer } from '../api/snapshot'
import { useRich, useT } from '../i18n/useT'
import { useRefreshTime } from '../manage/refreshTime'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { useMergeTarget } from './mergeTarget'
import { signOf, typeWords } from './outcomes'
import { ContactLink } from './RecordLinks'

/** What was sent about a record, the newest first, and what became of each event. */
export function RecordTimeline({ object, events, omitted }: { object: string; events: readonly RecordEventAnswer[]; omitted: number }) {
  const t = useT()
  const formats = useFormats()
  return (
    <section className="recordtime" aria-labelledby="record-events">
      <h3 id="record-events">{t('records.events')} <span className="mut partcount">{formats.number(events.length + omitted)}</span></h3>
      <ol className="card">
        {events.map((event) => <Event key={`${event.position.partition} ${event.position.offset}`} event={event} object={object} />)}
        {omitted === 0 ? null : <li className="s12 mut omitted">{t('records.omitted', { count: omitted })}</li>}
      </ol>
    </section>
  )
}

function Event({ event, object }: { event: RecordEventAnswer; object: string }) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  const time = useRefreshTime()
  const [open, setOpen] = useState(false)
  const sign = signOf(event)
  const words = typeWords(event.type)
  const merged = useMergeTarget(event, object)
  const at = (iso: string) => formats.instant(iso, time.zone, { seconds: true })
  return (
    <li className="event">
      <span className={`state ${sign.tone} eventsign`}><Icon name={sign.icon} /></span>
      <div className="grow">
        <div className="row wrap eventline s13">
          <span className={`strong state ${sign.tone}`}>{t(sign.label)}</span>
          <span>{words === null ? event.type : t(words)}</span>
          <span className="mut">{t('records.from', { source: event.source })}</span>
          <span className="grow" />
          <span className="sub num">{event.time === null ? t('records.noTime') : at(event.time)}</span>
        </div>
        <p className="s12 sub">
          {event.message ?? t(sign.explain)}
          {event.expected === null || event.expected === 'waiting' ? null : ` ${t('records.expected', { outcome: t(signOf({ outcome: event.expected, type: event.type }).label) })}`}
        </p>
        {merged === null ? null : <p className="s12">{rich('records.mergedInto', { contact: <ContactLink contact={merged} /> })}</p>}
        <button type="button" className="btn ghost xs eventmore" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('common.details')}<Icon name={open ? 'chevronUp' : 'chevronDown'} />
        </button>
        {open ? <EventDetails event={event} received={at(event.received_at)} /> : null}
      </div>
    </li>
  )
}

function EventDetails({ event, received }: { event: RecordEventAnswer; received: string }) {
  const t = useT()
  const details: [string, string][] = [
    [t('records.detail.id'), event.id],
    [t('records.detail.type'), event.type ?? t('records.type.unreadable')],
    [t('records.detail.received'), received],
    [t('records.detail.position'), t('records.detail.place', { partition: event.position.partition, offset: event.position.offset })],
  ]
  if (event.code !== null) details.push([t('records.detail.code'), event.code])
  if (event.pointer) details.push([t('records.detail.pointer'), event.pointer])
  if (event.quarantine_id !== null) details.push([t('records.detail.quarantine'), event.quarantine_id])
  return (
    <dl className="eventdetails s12">
      {details.map(([label, value]) => <div key={label}><dt className="mut">{label}</dt><dd className="mono">{value}</dd></div>)}
    </dl>
  )
}
