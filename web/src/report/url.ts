import { readChart, readReport } from './validate'
import type { ChartOptions, Report } from './types'

/** A question in an address: never data, so the reader's own rights apply. */
export type Question = { report: Report; chart: ChartOptions; name?: string }

const VERSION = 1

/** The question as text for `?r=`: versioned JSON in base64url. */
export function encodeReport({ report, chart, name }: Question): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ v: VERSION, q: report, c: chart, ...(name ? { n: name } : {}) }))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The question that the text is, or null for anything that no version of the page wrote. */
export function decodeReport(text: string): Question | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    const sent: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof sent !== 'object' || sent === null || (sent as { v?: unknown }).v !== VERSION) return null
    const { q, c, n } = sent as { q?: unknown; c?: unknown; n?: unknown }
    const report = readReport(q)
    if (report === null) return null
    return { report, chart: readChart(c), ...(typeof n === 'string' ? { name: n } : {}) }
  } catch {
    return null
  }
}

/** The address of an unsaved question. */
export function reportPath(tenant: string, question: Question): string {
  return `/t/${encodeURIComponent(tenant)}/reports?r=${encodeReport(question)}`
}
