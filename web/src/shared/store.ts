/** What a browser's store keeps under a key; null where there is nothing, or nothing that this page understands. */
export function readStored<T>(store: Storage, key: string, understood: (value: unknown) => value is T): T | null {
  try {
    const kept: unknown = JSON.parse(store.getItem(key) ?? 'null')
    return understood(kept) ? kept : null
  } catch {
    return null
  }
}

/** Keeps a value under a key. A full or forbidden store keeps nothing: what it is for must be able to do without. */
export function writeStored(store: Storage, key: string, value: unknown): void {
  try {
    store.setItem(key, JSON.stringify(value))
  } catch {
    // As said above.
  }
}
