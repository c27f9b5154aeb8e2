import { useEffect } from 'react'
import { readStored, writeStored } from '../shared/store'
import type { Board } from './board'

/** A dashboard as it was edited and not saved; `tag`: the version that it began with, null for a new one. */
export type KeptBoard = { tag: string | null; board: Board }

const keyOf = (tenant: string, id: string | null): string => `crosslook.board.${tenant}.${id ?? ' new'}`

/** What was kept in this tab; null where there is nothing, or nothing that this page understands. */
export const readKept = (tenant: string, id: string | null): KeptBoard | null => readStored(sessionStorage, keyOf(tenant, id), isKept)

function isKept(value: unknown): value is KeptBoard {
  if (typeof value !== 'object' || value === null) return false
  const { tag, board } = value as { tag?: unknown; board?: Partial<Board> | null }
  if (typeof tag !== 'string' && tag !== null) return false
  return typeof board?.name === 'string' && Array.isArray(board.tiles) && Array.isArray(board.filters) && typeof board.comparing === 'string'
}

/** Keeps what is edited, for this tab: a reload and a session that ends lose nothing. `edited`: null once there is
 * nothing to lose. Who goes to another page was asked, and gives it up. */
export function useKept(tenant: string, id: string | null, edited: KeptBoard | null): void {
  const key = keyOf(tenant, id)
  const tag = edited?.tag
  const board = edited?.board
  useEffect(() => {
    if (tag === undefined || board === undefined) sessionStorage.removeItem(key)
    // Without a store the guard against leaving still asks.
    else writeStored(sessionStorage, key, { tag, board })
  }, [key, tag, board])
  useEffect(() => {
    const here = window.location.pathname
    return () => {
      const { pathname } = window.location
      if (pathname !== here && !pathname.startsWith('/sign-in')) sessionStorage.removeItem(key)
    }
  }, [key])
}
