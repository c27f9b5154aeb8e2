import { useCallback, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useUnsavedGuard } from '../shared/useUnsavedGuard'
import { EMPTY_BOARD, sameBoard, type Board } from './board'
import type { Saved } from './calls'
import type { Change } from './context'
import { useHistory } from './history'
import { readKept, useKept } from './keptBoard'
import { compacted } from './layout'
import { useEditKeys } from './useEditKeys'
import { useSave } from './useSave'

/** A dashboard between two savings: its state with undo and redo, saving, and the question before changes are lost.
 * What was edited before a reload is there again. */
export function useBoardEditing(saved: Saved | null, announce: (text: string) => void) {
  const t = useT()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const [kept, setKept] = useState(saved)
  const [found] = useState(() => (may('reports:write') ? readKept(tenant, saved?.id ?? null) : null))
  // A change must name the version that it began with: if somebody saved another since, the reader is asked.
  const [tag, setTag] = useState(found?.tag ?? saved?.tag ?? null)
  const { value: board, set, undo, redo, reset, canUndo, canRedo } = useHistory<Board>(saved?.board ?? EMPTY_BOARD, found?.board)
  const [editing, setEditing] = useState(found !== null || (saved === null && may('reports:write')))
  const [tried, setTried] = useState(false)
  const finished = useRef(false)
  const dirty = editing && !sameBoard(board, kept?.board ?? EMPTY_BOARD)
  useKept(tenant, saved?.id ?? null, dirty ? { tag, board } : null)
  const guard = useUnsavedGuard(dirty, () => finished.current)
  const list = `/t/${tenant}/dashboards`

  const change: Change = useCallback((next) => set(next(board)), [set, board])
  const saving = useSave(kept === null ? null : { id: kept.id, tag: tag ?? kept.tag }, (made) => {
    setKept(made)
    setTag(made.tag)
    reset(made.board)
    setEditing(false)
    finished.current = kept === null
    if (kept === null) void navigate(`${list}/${made.id}`, { replace: true, flushSync: true })
  })
  const problem = tried && board.name.trim() === '' ? t('dashboards.nameMissing') : null
  const save = () => {
    setTried(true)
    if (board.name.trim() !== '' && !saving.isPending) saving.mutate({ board, overwrite: false })
  }
  const saveWithoutGone = () => {
    const left = { ...board, tiles: compacted(board.tiles.filter((_, index) => !saving.gone.includes(index))) }
    set(left)
    saving.mutate({ board: left, overwrite: false })
  }
  const leave = () => {
    if (kept === null) {
      finished.current = true
      return void navigate(list)
    }
    reset(kept.board)
    setTag(kept.tag)
    setEditing(false)
  }
  const step = (back: boolean) => {
    if (!(back ? canUndo : canRedo)) return
    if (back) undo()
    else redo()
    announce(t(back ? 'dashboards.undone' : 'dashboards.redone'))
  }
  useEditKeys(editing, { undo: () => step(true), redo: () => step(false), save })
  return { board, kept, editing, dirty, problem, canUndo, canRedo, guard, saving, change, set, save, saveWithoutGone, leave, step, edit: () => setEditing(true), stop: () => setEditing(false) }
}
