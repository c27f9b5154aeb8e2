import { useCallback, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useUnsavedGuard } from '../shared/useUnsavedGuard'
import { EMPTY_BOARD, sameBoard, type Board } from './board'
import type { Saved } from './calls'
import type { Change } from './context'
import { useHistory } from './history'
import { compacted } from './layout'
import { useEditKeys } from './useEditKeys'
import { useSave } from './useSave'

/** A dashboard between two savings: its state with undo and redo, saving, and the question before changes are lost. */
export function useBoardEditing(saved: Saved | null, announce: (text: string) => void) {
  const t = useT()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const [kept, setKept] = useState(saved)
  const { value: board, set, undo, redo, reset, canUndo, canRedo } = useHistory<Board>(saved?.board ?? EMPTY_BOARD)
  const [editing, setEditing] = useState(saved === null && may('reports:write'))
  const [tried, setTried] = useState(false)
  const finished = useRef(false)
  const dirty = editing && !sameBoard(board, kept?.board ?? EMPTY_BOARD)
  const guard = useUnsavedGuard(dirty, () => finished.current)
  const list = `/t/${tenant}/dashboards`

  const change: Change = useCallback((next) => set(next(board)), [set, board])
  const saving = useSave(kept, (made) => {
    setKept(made)
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
