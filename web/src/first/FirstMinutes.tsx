import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call'
import { readCatalog } from '../api/query'
import { listConnections, listSchemas, type SchemaBody } from '../api/schema'
import { useLanguage } from '../i18n/LanguageProvider'
import { useRich, useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import type { Catalog } from '../shared/catalog'
import { download } from '../shared/download'
import { useFormats } from '../shared/formats'
import { FreshnessBadge } from '../shared/FreshnessBadge'
import { Icon } from '../shared/Icon'
import { Steps } from '../shared/Steps'
import '../styles/first.css'
import { ChooseSource } from './ChooseSource'
import { EventFormatDialog } from './EventFormatDialog'
import { FirstPicker } from './FirstPicker'
import { FirstPicture } from './FirstPicture'
import { nextRefresh } from './next'
import { ReadyReports } from './ReadyReports'
import { sampleCsv } from './samples'
import { TestEventDialog } from './TestEventDialog'
import { WatchRecords } from './WatchRecords'

const LIVE_MS = 5_000

/** What a tenant sees instead of the builder until its first object is in reports: from no object yet to the first chart.
 * It is a view of its own, with `main` and h1. */
export function FirstMinutes({ catalog }: { catalog: Catalog }) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  const [open, setOpen] = useState<'event' | 'format' | null>(null)
  const { objects, refused } = useArriving()
  const due = nextRefresh(catalog, objects)
  const waiting = catalog.snapshot?.waiting_events ?? 0
  return (
    <div className="shell firstshell">
      <FirstPicker objects={objects} due={due} />
      <main className="main firstmain" id="main" tabIndex={-1}>
        <div className="first">
          <div className="firsthead">
            <div className="grow">
              <div className="firstbadge"><FreshnessBadge snapshot={null} next={due} /></div>
              <h1>{t(objects.length === 0 ? 'first.title' : 'first.titleArriving')}</h1>
              <p className="sub firstlead">
                {due === null ? t('first.lead') : rich('first.leadUntil', { instant: formats.instant(due.at, due.zone, { year: false }) })}
              </p>
            </div>
            <FirstPicture />
          </div>
          <Steps>
            <ChooseSource objects={objects} />
            <WatchRecords objects={objects} waiting={waiting} known={catalog.snapshot !== null} refused={refused} onTest={() => setOpen('event')} />
            <ReadyReports objects={objects} catalog={catalog} due={due} waiting={waiting} />
          </Steps>
          <div className="firstfoot s13">
            <span className="sub grow">{t('first.foot')}</span>
            <button type="button" className="linkbtn" onClick={() => setOpen('format')}><Icon name="bolt" />{t('first.foot.format')}</button>
            <button type="button" className="linkbtn" onClick={() => download('sample-orders.csv', sampleCsv(new Date()), 'text/csv')}><Icon name="download" />{t('first.foot.csv')}</button>
          </div>
          {open === 'event' ? <TestEventDialog objects={objects} onClose={() => setOpen(null)} /> : null}
          {open === 'format' ? <EventFormatDialog onClose={() => setOpen(null)} /> : null}
        </div>
      </main>
    </div>
  )
}

/** The tenant's own objects and how many messages were refused; counts are read every few seconds while this is shown. */
function useArriving(): { objects: SchemaBody[]; refused: number } {
  const { tenant } = useTenant()
  const { language } = useLanguage()
  useQuery({
    queryKey: ['catalog', tenant, language],
    queryFn: ({ signal }) => call(readCatalog({ path: { tenant }, signal })),
    refetchInterval: LIVE_MS,
  })
  const schemas = useQuery({
    queryKey: ['schemas', tenant, 'first'],
    queryFn: ({ signal }) => call(listSchemas({ path: { tenant }, query: { page_size: 500 }, signal })),
    refetchInterval: LIVE_MS,
  })
  const connections = useQuery({
    queryKey: ['integrations', tenant],
    queryFn: ({ signal }) => call(listConnections({ path: { tenant }, signal })),
    refetchInterval: LIVE_MS,
  })
  const objects = (schemas.data?.items ?? []).filter((schema) => schema.object !== 'contact' && schema.status === 'active')
  const refused = (connections.data?.items ?? []).reduce((sum, connection) => sum + connection.health.refused_24h, 0)
  return { objects, refused }
}
