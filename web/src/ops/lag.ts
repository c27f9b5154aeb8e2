import type { IngestAnswer, PartitionAnswer, SnapshotAnswer } from '../api/snapshot'

/** A partition that is this far behind is no longer normal. */
export const BEHIND_SECONDS = 60

export type PartitionState = 'normal' | 'behind' | 'unknown'

/** How a partition is, in one word. `unknown`: messages wait, and nothing says for how long. */
export function partitionState(partition: PartitionAnswer): PartitionState {
  if (partition.lag === 0) return 'normal'
  if (partition.seconds_behind === null) return 'unknown'
  return partition.seconds_behind > BEHIND_SECONDS ? 'behind' : 'normal'
}

/** How ingest is: its own state, or `behind` where a partition is. */
export function ingestState(ingest: IngestAnswer): 'running' | 'behind' | 'paused' | 'stopped' {
  if (ingest.state !== 'running') return ingest.state
  return ingest.partitions.some((partition) => partitionState(partition) !== 'normal') ? 'behind' : 'running'
}

/** How many partitions are normal. */
export const normal = (ingest: IngestAnswer): number => ingest.partitions.filter((item) => partitionState(item) === 'normal').length

/** The length of a partition's bar, in percent of the largest lag; something that waits is always seen. */
export function barLength(lag: number, most: number): number {
  if (lag === 0 || most === 0) return 0
  return Math.max(2, (lag / most) * 100)
}

/** How many messages have arrived since the snapshot's watermark: they are in reports after the next refresh. */
export function waitingEvents(ingest: IngestAnswer, current: SnapshotAnswer | undefined): number {
  return ingest.partitions.reduce(
    (sum, { partition, end_offset: end }) => sum + Math.max(0, end - (current?.watermark[String(partition)] ?? 0)),
    0,
  )
}
