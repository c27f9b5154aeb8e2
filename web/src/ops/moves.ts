import { call } from '../api/call'
import { postDiscard, postReplay, type ReasonCount } from '../api/snapshot'

/** Which quarantined events: "" means any. */
export type QuarantineFilter = { tenant: string; object: string; code: string; source: string }

/** A body of a replay or discard: events by their ids, or all that pass a filter. */
export type Chosen = { ids: string[] } | { filter: Partial<QuarantineFilter> }

/** Events that were chosen on the page. `events`: how many there were when they were chosen. */
export type Selection = { events: number; chosen: Chosen[] }

export type Refused = { code: string; count: number }
export type ReplayTally = { matched: number; moved: number; refused: Refused[] }

/** Rows of the counts are told apart by reason and source. */
export const keyOf = (row: { code: string; source: string }): string => `${row.code} ${row.source}`

/** The members of a filter that say something. */
export function filterOf(filter: QuarantineFilter): Partial<QuarantineFilter> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))
}

/** The events of some rows, within the tenant and object that are shown. */
export function selectionOf(rows: readonly ReasonCount[], within: { tenant: string; object: string }): Selection {
  return {
    events: rows.reduce((sum, row) => sum + row.count, 0),
    chosen: rows.map(({ code, source }) => ({ filter: filterOf({ ...within, code, source }) })),
  }
}

/** Replays events, or only counts what a replay would do, one choice after the other. */
export async function replay(chosen: readonly Chosen[], dry: boolean): Promise<ReplayTally> {
  const tally: ReplayTally = { matched: 0, moved: 0, refused: [] }
  for (const body of chosen) {
    const answer = await call(postReplay({ body: { ...body, dry_run: dry } }))
    tally.matched += answer.matched
    tally.moved += (dry ? answer.would_admit : answer.replayed) ?? 0
    for (const { code, count } of answer.still_refused) add(tally.refused, code, count)
  }
  return tally
}

function add(refused: Refused[], code: string, count: number): void {
  const known = refused.find((item) => item.code === code)
  if (known === undefined) refused.push({ code, count })
  else known.count += count
}

/** Discards events for a reason, or only counts them; answers how many. */
export async function discard(chosen: readonly Chosen[], reason: string, dry: boolean): Promise<number> {
  let events = 0
  for (const body of chosen) {
    const answer = await call(postDiscard({ body: { ...body, dry_run: dry, reason } }))
    events += (dry ? answer.would_discard : answer.discarded) ?? 0
  }
  return events
}
