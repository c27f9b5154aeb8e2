import { CallError, send } from '../api/call'
import type { Report } from '../report/types'

export const FORMATS = ['csv', 'xlsx', 'parquet', 'arrow'] as const
export type ExportFormat = (typeof FORMATS)[number]

const MEDIA: Record<ExportFormat, string> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
}

/** Most rows of a file. */
export const MOST_ROWS: Record<ExportFormat, number> = { csv: 1_000_000, xlsx: 1_000_000, parquet: 1_000_000, arrow: 1_000_000 }

/** Runs a report into a file in memory; `onBytes` is told how much has come. */
export async function exportReport(tenant: string, report: Report, format: ExportFormat, options: { bom?: boolean; signal?: AbortSignal; onBytes?: (bytes: number) => void } = {}): Promise<Blob> {
  const { bom = false, signal, onBytes } = options
  const response = await send(`/api/query/v1/tenants/${encodeURIComponent(tenant)}/query${bom && format === 'csv' ? '?bom=true' : ''}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: MEDIA[format] },
    body: JSON.stringify(forFile(report)),
    ...(signal === undefined ? {} : { signal }),
  })
  const reader = response.body?.getReader()
  if (reader === undefined) return await response.blob()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      chunks.push(value as Uint8Array<ArrayBuffer>)
      bytes += value.byteLength
      onBytes?.(bytes)
    }
  } catch (error) {
    // The stream broke off: the service failed on the way or the connection did.
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new CallError(0, {}, response.headers.get('X-Request-Id'))
  }
  return new Blob(chunks, { type: MEDIA[format] })
}

/** Files have neither totals nor subtotals. */
function forFile(report: Report): Report {
  const { totals: _totals, subtotals: _subtotals, ...rest } = report
  return rest
}

/** A file name of what the report is called and the day its data are of. */
export function fileName(title: string, day: string, format: ExportFormat): string {
  const plain = title.trim().replace(/[\p{Cc}\\/:*?"<>|]+/gu, ' ').replace(/\s+/g, ' ').slice(0, 80)
  return `${plain} ${day}.${format}`
}
