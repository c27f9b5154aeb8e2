import type { InReportsBody } from '../api/schema'
import type { Catalog } from '../shared/catalog'
import type { IconName } from '../shared/Icon'
import type { MessageId } from '../i18n'

/** Where an object stands with regard to reports: icon and words, and below them when or what to do. `rank`: the order of
 * the states. `at`: an instant of the words; `from`: one of the second line. */
export type Shown = {
  icon: IconName
  tone: 'ok' | 'warn' | 'bad' | 'off'
  rank: number
  id: MessageId
  count: number
  at: string | null
  below: { id: MessageId; from: string | null; text: string } | null
}

type Pending = Catalog['pending'][number]

/** The state of an object in words; `pending`: what the catalog says of it. */
export function shownState(inReports: InReportsBody, pending: Pending | undefined): Shown {
  const from = inReports.from ?? pending?.from ?? null
  const wait: Shown['below'] = from === null ? null : { id: 'manage.state.from', from, text: '' }
  switch (inReports.state) {
    case 'available':
      return {
        icon: 'checkCircle', tone: 'ok', rank: 0, count: 0, below: null, at: inReports.since ?? null,
        id: inReports.since == null ? 'manage.state.available' : 'manage.state.availableSince',
      }
    case 'changing': {
      const count = (pending?.added?.length ?? 0) + (pending?.removed?.length ?? 0)
      return { icon: 'hourglass', tone: 'warn', rank: 1, id: count === 0 ? 'manage.state.changes' : 'manage.state.fields', count, at: null, below: wait }
    }
    case 'pending':
      return { icon: 'hourglass', tone: 'warn', rank: 2, id: 'manage.state.pending', count: 0, at: null, below: wait }
    case 'leaving':
      return {
        icon: 'hourglass', tone: 'warn', rank: 3, id: 'manage.state.leaving', count: 0, at: null,
        below: from === null ? null : { id: 'manage.state.at', from, text: '' },
      }
    case 'not_reportable':
      return { icon: 'minus', tone: 'off', rank: 4, id: 'manage.state.notReportable', count: 0, at: null, below: { id: 'manage.state.addContact', from: null, text: '' } }
    case 'failed':
      return {
        icon: 'warning', tone: 'bad', rank: 5, id: 'manage.state.failed', count: 0, at: null,
        below: inReports.reason == null ? null : { id: 'manage.state.reason', from: null, text: inReports.reason },
      }
  }
}

/** Whether reports show the object now, so that its records can be counted. */
export const isCounted = (inReports: InReportsBody): boolean =>
  inReports.state === 'available' || inReports.state === 'changing' || inReports.state === 'leaving' || inReports.state === 'failed'
