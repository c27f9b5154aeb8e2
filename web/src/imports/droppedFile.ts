/** A file that was dropped outside of the import wizard, until the wizard takes it. A File cannot be kept in the history;
 * its number is, so that only the visit that the drop began takes it, and not a later one. */
let held: { number: number; file: File } | null = null
let last = 0

/** Keeps a file; the answer is the state of the visit that takes it. */
export function holdFile(file: File): { dropped: number } {
  last += 1
  held = { number: last, file }
  return { dropped: last }
}

/** The file that was dropped for the visit with this state, once; null for any other visit. */
export function takeHeldFile(state: unknown): File | null {
  if (held === null || typeof state !== 'object' || state === null || !('dropped' in state) || state.dropped !== held.number) return null
  const { file } = held
  held = null
  return file
}
