import { filters as readNode } from '../report/validate'
import type { Condition, FilterNode } from '../report/types'
import type { Comparing } from './board'
import type { CrossFilter } from './crossFilter'
import { filterList, filterTree, type BoardFilter } from './filterList'

/** What a reader chose for themselves; what is left out follows the dashboard. */
export type ViewState = { filters?: BoardFilter[]; comparing?: Comparing; crossed?: CrossFilter[] }

const VERSION = 1
const LONGEST = 8_000
const MOST = 20

/** The reader's choices as text for `?f=`; null when there are none. */
export function encodeView(state: ViewState): string | null {
  const { filters, comparing, crossed } = state
  if (filters === undefined && comparing === undefined && !crossed?.length) return null
  const body = {
    v: VERSION,
    ...(filters === undefined ? {} : { f: filterTree(filters) }),
    ...(comparing === undefined ? {} : { c: comparing }),
    ...(crossed?.length ? { x: crossed.map(({ tile, conditions }) => [tile, ...conditions]) } : {}),
  }
  let binary = ''
  for (const byte of new TextEncoder().encode(JSON.stringify(body))) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The choices that a text holds; none for what no version of the page wrote. */
export function decodeView(text: string | null): ViewState {
  if (text === null || text.length > LONGEST) return {}
  const sent = parsed(text)
  if (typeof sent !== 'object' || sent === null || (sent as { v?: unknown }).v !== VERSION) return {}
  const { f, c, x } = sent as { f?: unknown; c?: unknown; x?: unknown }
  const state: ViewState = {}
  if (f !== undefined) {
    const read = readNode(f)
    if (read === undefined || filterList(f).length > MOST) return {}
    state.filters = filterList(f)
  }
  if (c === 'none' || c === 'period' || c === 'year') state.comparing = c
  const crossed = Array.isArray(x) ? x.slice(0, MOST).map(readCrossed) : []
  const kept = crossed.filter((each) => each !== null)
  if (kept.length > 0) state.crossed = kept
  return state
}

function readCrossed(value: unknown): CrossFilter | null {
  if (!Array.isArray(value)) return null
  const [tile, ...nodes] = value as unknown[]
  const conditions = nodes.map((node) => readNode(node))
  if (typeof tile !== 'string' || conditions.length === 0 || !conditions.every(isCondition)) return null
  return { tile, conditions }
}

const isCondition = (node: FilterNode | undefined): node is Condition => node !== undefined && 'field' in node

function parsed(text: string): unknown {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, (character) => character.charCodeAt(0))))
  } catch {
    return null
  }
}
