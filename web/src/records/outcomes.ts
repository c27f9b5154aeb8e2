import type { LinkAnswer, Outcome, RecordAnswer, RecordEventAnswer } from '../api/snapshot'
import type { MessageId } from '../i18n'
import type { IconName } from '../shared/Icon'

export type Sign = { icon: IconName; tone: 'ok' | 'warn' | 'bad' | 'off'; label: MessageId; explain: MessageId }

/** What became of an event: its sign, its word, and what that means. */
export const OUTCOMES: Record<Outcome, Sign> = {
  winner: { icon: 'checkCircle', tone: 'ok', label: 'records.outcome.winner', explain: 'records.outcome.winnerText' },
  applied: { icon: 'checkCircle', tone: 'ok', label: 'records.outcome.applied', explain: 'records.outcome.appliedText' },
  older: { icon: 'minus', tone: 'off', label: 'records.outcome.older', explain: 'records.outcome.olderText' },
  repeat: { icon: 'copy', tone: 'off', label: 'records.outcome.repeat', explain: 'records.outcome.repeatText' },
  too_late: { icon: 'clock', tone: 'warn', label: 'records.outcome.tooLate', explain: 'records.outcome.tooLateText' },
  waiting: { icon: 'hourglass', tone: 'warn', label: 'records.outcome.waiting', explain: 'records.outcome.waitingText' },
  quarantined: { icon: 'alert', tone: 'bad', label: 'records.outcome.quarantined', explain: 'records.outcome.quarantinedText' },
}

export const DELETED = 'crosslook.record.deleted.v1'

const TYPES: Record<string, MessageId> = {
  'crosslook.record.upserted.v1': 'records.type.upserted',
  'crosslook.record.patched.v1': 'records.type.patched',
  [DELETED]: 'records.type.deleted',
}

/** What became of an event, in words: a deletion that decides leaves no record of which it could be the version. */
export const signOf = (event: Pick<RecordEventAnswer, 'outcome' | 'type'>): Sign =>
  event.outcome === 'winner' && event.type === DELETED
    ? { icon: 'trash', tone: 'off', label: 'records.outcome.deleted', explain: 'records.outcome.deletedText' } : OUTCOMES[event.outcome]

/** What an event says, in words; null where its type is none that is known. */
export const typeWords = (type: string | null): MessageId | null => (type === null ? 'records.type.unreadable' : (TYPES[type] ?? null))

/** Where a record is, in words. A record of which only refused events are known is not simply unknown. */
export function whereabouts(answer: RecordAnswer): Sign {
  switch (answer.state) {
    case 'in_reports': {
      const waits = answer.events.some((event) => event.outcome === 'waiting')
      return { icon: 'checkCircle', tone: 'ok', label: 'records.state.inReports', explain: waits ? 'records.state.inReportsWaiting' : 'records.state.inReportsText' }
    }
    case 'pending':
      return { icon: 'hourglass', tone: 'warn', label: 'records.state.pending', explain: 'records.state.pendingText' }
    case 'deleted':
      return { icon: 'trash', tone: 'off', label: 'records.state.deleted', explain: 'records.state.deletedText' }
    case 'unknown':
      return answer.events.some((event) => event.outcome === 'quarantined')
        ? { icon: 'alert', tone: 'bad', label: 'records.state.refused', explain: 'records.state.refusedText' }
        : { icon: 'search', tone: 'off', label: 'records.state.unknown', explain: 'records.state.unknownText' }
  }
}

/** The links that reports leave out: their relationship has one contact, and an earlier reference has found it. Of those
 * that name nobody who is known the service says only that; they would not be used either. */
export function unusedLinks(links: readonly LinkAnswer[], isOne: (relationship: string) => boolean): ReadonlySet<LinkAnswer> {
  const found = new Set<string>()
  const unused = new Set<LinkAnswer>()
  for (const link of links) {
    if (link.reason === 'not_used' || (found.has(link.relationship) && isOne(link.relationship))) unused.add(link)
    else if (link.contact !== null) found.add(link.relationship)
  }
  return unused
}
