/** A page of a vendor's export, as the reader chose it; `body` is null if it is no JSON object. */
export type ExportPage = { name: string; body: unknown; problem: 'not_json' | 'too_large' | null }

/** At most so much fits in one call. */
export const PAGE_BYTES_MOST = 5 * 1024 * 1024

/** Reads chosen files, in the order of their names: exports are numbered. */
export async function readPages(files: readonly File[]): Promise<ExportPage[]> {
  const sorted = [...files].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  return Promise.all(sorted.map(readPage))
}

async function readPage(file: File): Promise<ExportPage> {
  if (file.size > PAGE_BYTES_MOST) return { name: file.name, body: null, problem: 'too_large' }
  try {
    const body: unknown = JSON.parse(await file.text())
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return { name: file.name, body: null, problem: 'not_json' }
    return { name: file.name, body, problem: null }
  } catch {
    return { name: file.name, body: null, problem: 'not_json' }
  }
}

/** What became of the pages so far. `failed`: the page at which it stopped. */
export type BackfillProgress = { pages: number; done: number; accepted: number; refused: number; reasons: string[]; failed: string | null }

export const begun = (pages: number): BackfillProgress => ({ pages, done: 0, accepted: 0, refused: 0, reasons: [], failed: null })

const REASONS_MOST = 20

/** The progress after one more page was taken. */
export function withPage(progress: BackfillProgress, answer: { accepted: number; refused: number; errors: readonly { message: string; pointer: string; index: number }[] }, name: string): BackfillProgress {
  const reasons = answer.errors.map((error) => `${name} · ${error.index + 1}: ${error.message}`)
  return {
    ...progress, done: progress.done + 1, accepted: progress.accepted + answer.accepted, refused: progress.refused + answer.refused,
    reasons: [...progress.reasons, ...reasons].slice(0, REASONS_MOST),
  }
}
