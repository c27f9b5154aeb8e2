import { useState } from 'react'
import type { SnapshotBlock } from '../api/query'

/** The one snapshot that all tiles read: the current one when the dashboard was opened, until its reader asks for a newer. */
export function useSnapshotPin(current: SnapshotBlock | null) {
  const [pinned, setPinned] = useState(current)
  // A tenant's first snapshot is shown as soon as it is there: nothing could mix.
  const shown = pinned ?? current
  const newer = current !== null && shown !== null && current.id !== shown.id ? current : null
  if (pinned === null && current !== null) setPinned(current)
  // While it stays the same snapshot, its events that wait and its next refresh are as fresh as the catalog.
  return { snapshot: newer === null ? current : shown, newer, showNewest: () => setPinned(current) }
}
