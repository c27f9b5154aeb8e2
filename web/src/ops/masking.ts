import { EMPTY } from '../shared/formats'

/** The sign for a value that is not shown. */
export const MASK = '•••'

/** A message longer than this is not drawn. */
export const SHOWN_MOST = 64 * 1024

/** One line of a message, indented by so many spaces. `marked`: the problem is at or in this line. */
export type Line = { indent: number; text: string; marked: boolean }

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** The lines of a message as indented JSON. Without `shown`, all texts and numbers are masked: an e-mail address, a
 * telephone number or a name can stand in any of them. Null where the message is not JSON. */
export function messageLines(payload: string, pointer: string, shown: boolean): Line[] | null {
  let value: Json
  try {
    value = JSON.parse(payload) as Json
  } catch {
    return null
  }
  const lines: Line[] = []
  write(lines, shown ? value : masked(value), joined(target(value, pointer)), '', '', '', 0)
  return lines
}

/** All texts and numbers of a value, masked. */
function masked(value: Json): Json {
  if (typeof value === 'string') return value === '' ? value : maskedText(value)
  if (typeof value === 'number') return MASK
  if (Array.isArray(value)) return value.map(masked)
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]))
  return value
}

const maskedText = (text: string): string => (text.includes('@') ? `${MASK}@${MASK}` : MASK)

/** What to mark: the place that the pointer names, or, where the message does not have it, the nearest one above. */
function target(value: Json, pointer: string): string[] {
  let at: Json = value
  const found: string[] = []
  for (const part of segments(pointer)) {
    if (at === null || typeof at !== 'object') break
    const next: Json | undefined = Array.isArray(at) ? at[Number(part)] : at[part]
    if (next === undefined) break
    found.push(part)
    at = next
  }
  return found
}

const joined = (path: readonly string[]): string => path.map((part) => `/${part}`).join('')

const segments = (pointer: string): string[] =>
  pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

function write(lines: Line[], value: Json, target: string, path: string, label: string, tail: string, depth: number): void {
  const put = (text: string, at = path) => lines.push({ indent: 2 * depth, text, marked: target !== '' && isAt(at, target) })
  if (value === null || typeof value !== 'object') {
    put(`${label}${JSON.stringify(value)}${tail}`)
    return
  }
  const list = Array.isArray(value)
  const [open, close] = list ? ['[', ']'] : ['{', '}']
  const items = list ? value.map((item, index) => [String(index), item] as const) : Object.entries(value)
  if (items.length === 0) {
    put(`${label}${open}${close}${tail}`)
    return
  }
  put(`${label}${open}`)
  items.forEach(([key, item], index) => {
    write(lines, item, target, `${path}/${key}`, list ? '' : `${JSON.stringify(key)}: `, index < items.length - 1 ? ',' : '', depth + 1)
  })
  put(`${close}${tail}`)
}

const isAt = (path: string, target: string): boolean => path === target || path.startsWith(`${target}/`)

/** The member in which the problem is, masked and short: {"status": "•••", …}; ∅ where it is missing. Null where the
 * message is not JSON. */
export function sample(payload: string, pointer: string): string | null {
  let value: Json
  try {
    value = JSON.parse(payload) as Json
  } catch {
    return null
  }
  const wanted = segments(pointer)
  const path = target(value, pointer)
  const missing = wanted[path.length]
  if (missing !== undefined) return `{${JSON.stringify(missing)}: ${EMPTY}, …}`
  const last = path.at(-1)
  if (last === undefined) return '{…}'
  const at = path.reduce<Json>((part, key) => (part as { [key: string]: Json })[key] ?? null, value)
  const text = at !== null && typeof at === 'object' ? (Array.isArray(at) ? '[…]' : '{…}') : JSON.stringify(masked(at))
  return /^\d+$/.test(last) ? `[${text}, …]` : `{${JSON.stringify(last)}: ${text}, …}`
}

const EMAIL = /[^\s@"'<>(),;]+@[^\s@"'<>(),;]+/g
const DIGITS = /\+?\d[\d ().-]{6,}\d/g

/** A sentence or id without e-mail addresses and telephone numbers. */
export const maskPersonal = (text: string): string => text.replace(EMAIL, `${MASK}@${MASK}`).replace(DIGITS, MASK)

/** How many bytes a message has. */
export function byteLength(payload: string, base64: string | null): number {
  if (base64 !== null) return Math.floor((base64.replace(/=+$/, '').length * 3) / 4)
  return new TextEncoder().encode(payload).length
}
