import type { MessageId } from '../i18n'
import type { useT } from '../i18n/useT'

type T = ReturnType<typeof useT>

/** Every reason for which the services refuse an event; a test reads them in their source. */
export const CODES = [
  'unknown_object', 'unknown_field', 'unknown_option', 'unknown_tenant', 'wrong_type', 'out_of_range', 'too_long',
  'required_missing', 'not_json', 'not_cloudevent', 'from_the_future', 'too_large', 'wrong_tenant', 'unreadable',
  'sender_diverted', 'erased', 'orphan_patch', 'not_connected', 'mapping_failed', 'fold_refused', 'unknown_integration',
  'store_refused', 'bad_value', 'unknown_vendor_event', 'vendor_member_missing', 'vendor_shape',
] as const
const known = new Set<string>(CODES)

/** Why an event was refused, in words; a code that this page does not know stays as it is. */
export const refusal = (code: string, t: T): string => (known.has(code) ? t(`ops.code.${code as (typeof CODES)[number]}`) : code)

const INGEST: Record<string, MessageId> = {
  slow_chunk: 'ops.ingest.reason.slow_chunk',
  schemas_unreadable: 'ops.ingest.reason.schemas_unreadable',
  schemas_behind: 'ops.ingest.reason.schemas_behind',
  too_many_refusals: 'ops.ingest.reason.too_many_refusals',
}

/** Why ingest waits, and what to do. */
export function ingestReason(state: 'paused' | 'stopped', reason: string | null, t: T): string {
  const id = INGEST[reason ?? '']
  if (id !== undefined) return t(id)
  return t(state === 'paused' ? 'ops.ingest.reason.paused' : 'ops.ingest.reason.stopped', { reason: reason ?? '–' })
}

const RUN: readonly [prefix: string, id: MessageId][] = [
  ['contact_index_lost', 'ops.run.reason.contact_index_lost'],
  ['staging_behind', 'ops.run.reason.staging_behind'],
  ['store:', 'ops.run.reason.store'],
  ['kafka:', 'ops.run.reason.kafka'],
  ['log_unreadable', 'ops.run.reason.log_unreadable'],
  ['abandoned', 'ops.run.reason.abandoned'],
  ['internal_error', 'ops.run.reason.internal_error'],
]

/** Why a run failed, and what to do; the service's own reason where this page has no words for it. */
export function runReason(reason: string | null, t: T): string {
  const found = RUN.find(([prefix]) => reason?.startsWith(prefix))
  return found === undefined ? (reason ?? '–') : t(found[1])
}

/** A source as people call it: /integrations/zendesk is Zendesk; anything else is shown as it was sent. */
export function sourceName(source: string): string {
  const name = /^\/integrations\/([a-z0-9_]+)$/.exec(source)?.[1]
  return name === undefined ? source : name.charAt(0).toUpperCase() + name.slice(1)
}
