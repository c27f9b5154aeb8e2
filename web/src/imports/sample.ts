import { delimiterOf, lineEndOf, parseDelimited, type Delimiter } from './delimited'

export const MAX_BYTES = 100 * 1024 * 1024
const READ_BYTES = 512 * 1024
const ROWS_MOST = 500

export type FileFormat = 'csv' | 'ndjson'

/** The beginning of a file, as columns and rows of texts. `whole`: the sample is the whole file. */
export type FileSample = {
  name: string
  size: number
  format: FileFormat
  delimiter: Delimiter | null
  headers: string[]
  rows: string[][]
  whole: boolean
}

/** Why a file cannot be imported; known before anything is uploaded. */
export type FileProblem = 'unreadable' | 'too_large' | 'empty' | 'workbook' | 'utf16' | 'not_utf8' | 'no_rows' | 'not_json'

export class UnreadableFile extends Error {
  readonly problem: FileProblem
  constructor(problem: FileProblem) {
    super(problem)
    this.problem = problem
  }
}

/** The media type with which a file is sent. */
export const mediaType = (format: FileFormat): string => (format === 'csv' ? 'text/csv' : 'application/x-ndjson')

/** Reads the beginning of a file. Throws UnreadableFile. */
export async function readSample(file: File): Promise<FileSample> {
  if (file.size > MAX_BYTES) throw new UnreadableFile('too_large')
  if (file.size === 0) throw new UnreadableFile('empty')
  const bytes = new Uint8Array(await file.slice(0, READ_BYTES).arrayBuffer())
  return sampleOf(bytes, file.name, file.size)
}

/** The sample that the first bytes of a file give. Throws UnreadableFile. */
export function sampleOf(bytes: Uint8Array, name: string, size: number): FileSample {
  refuseBinary(bytes)
  const whole = bytes.length >= size
  const text = decode(bytes, whole)
  const format = formatOf(name, text)
  const read = format === 'csv' ? readDelimited(text, whole) : readLines(text, whole)
  if (read.headers.length === 0) throw new UnreadableFile('empty')
  if (read.rows.length === 0 && whole) throw new UnreadableFile('no_rows')
  return { name, size, format, whole: whole && read.rows.length < ROWS_MOST, ...read }
}

function refuseBinary(bytes: Uint8Array): void {
  const begins = (...signature: number[]) => signature.every((byte, index) => bytes[index] === byte)
  if (begins(0x50, 0x4b, 3, 4) || begins(0xd0, 0xcf, 0x11, 0xe0)) throw new UnreadableFile('workbook')
  const head = bytes.slice(0, 1024)
  const zeros = head.filter((byte) => byte === 0).length
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff) || zeros * 4 > head.length) throw new UnreadableFile('utf16')
}

/** The text; a character that the sample cuts in two is left out. */
function decode(bytes: Uint8Array, whole: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole })
  } catch {
    throw new UnreadableFile('not_utf8')
  }
}

function formatOf(name: string, text: string): FileFormat {
  if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson'
  if (/\.(csv|tsv)$/i.test(name)) return 'csv'
  return text.trimStart().startsWith('{') ? 'ndjson' : 'csv'
}

type Read = Pick<FileSample, 'delimiter' | 'headers' | 'rows'>

function readDelimited(text: string, whole: boolean): Read {
  const delimiter = delimiterOf(text.split(lineEndOf(text)).find((line) => line.trim() !== '') ?? '')
  const [headers = [], ...rows] = parseDelimited(text, delimiter, whole, ROWS_MOST + 1)
  return { delimiter, headers: headers.map((header) => header.trim()), rows: rows.filter((row) => row.some((cell) => cell !== '')) }
}

function readLines(text: string, whole: boolean): Read {
  const lines = text.split('\n').slice(0, ROWS_MOST + 1)
  if (!whole || lines.length > ROWS_MOST) lines.pop()
  const records = lines.filter((line) => line.trim() !== '').map(membersOf)
  const headers = [...new Set(records.flatMap((record) => Object.keys(record)))]
  return { delimiter: null, headers, rows: records.map((record) => headers.map((header) => textOf(record[header]))) }
}

function membersOf(line: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new UnreadableFile('not_json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UnreadableFile('not_json')
  const { relationships, ...others } = value as Record<string, unknown>
  if (typeof relationships === 'object' && relationships !== null && !Array.isArray(relationships)) return { ...others, ...relationships }
  return value as Record<string, unknown>
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join('; ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)
}
