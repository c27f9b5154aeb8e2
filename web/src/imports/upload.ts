import { CallError, headersOfCalls, refusalOf } from '../api/call'
import type { ImportBodyAnswer, ImportMode } from '../api/schema'
import type { Forms } from './forms'
import { namesOf, type Mapping } from './mapping'
import { mediaType, type FileFormat } from './sample'

export type ImportCall = {
  tenant: string
  object: string
  file: File
  format: FileFormat
  mapping: Mapping
  mode: ImportMode
  forms: Forms
  dryRun: boolean
  /** Another value applies rows again that were imported before. */
  parameter: string
}

/** The form of an import: the mapping first, so the service knows it when the file begins. */
export function formOf({ mapping, file, format }: Pick<ImportCall, 'mapping' | 'file' | 'format'>): FormData {
  const form = new FormData()
  form.append('mapping', JSON.stringify(sentMapping(mapping)))
  form.append('file', new File([file], file.name, { type: mediaType(format) }))
  return form
}

/** The mapping as the service takes it: a list where a column fills several. */
const sentMapping = (mapping: Mapping) => Object.fromEntries(Object.entries(mapping).map(([header, target]) => {
  const names = namesOf(target)
  return [header, names.length > 1 ? names : target]
}))

export function addressOf({ tenant, object, mode, forms, dryRun, parameter }: Omit<ImportCall, 'mapping' | 'file' | 'format'>): string {
  const query = new URLSearchParams({ mode, dry_run: String(dryRun), ...forms, ...(parameter === '' ? {} : { import: parameter }) })
  return `/api/schema/v1/tenants/${encodeURIComponent(tenant)}/objects/${encodeURIComponent(object)}/import?${query.toString()}`
}

/** Sends a file and says how much of it has left the browser, from 0 to 1. Throws CallError; AbortError if `signal` says
 * so. It is not a fetch: only XMLHttpRequest reports the progress of an upload. */
export function upload(call: ImportCall, onProgress: (share: number) => void, signal: AbortSignal): Promise<ImportBodyAnswer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', addressOf(call))
    for (const [name, value] of Object.entries(headersOfCalls())) request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', (event) => onProgress(event.total === 0 ? 0 : event.loaded / event.total))
    request.addEventListener('load', () => {
      const body = parsed(request.responseText)
      if (request.status >= 200 && request.status < 300) resolve(body as ImportBodyAnswer)
      else reject(refusalOf(request.status, body, request.getResponseHeader('X-Request-Id')))
    })
    request.addEventListener('error', () => reject(new CallError(0, {}, null)))
    request.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
    signal.addEventListener('abort', () => request.abort())
    request.send(formOf(call))
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
