import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CallError } from '../api/call'
import type { LookBody } from '../api/query'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import type { Board } from './board'
import { addDashboard, readDashboard, replaceDashboard, type Saved } from './calls'

/** Saves a dashboard. `conflict`: somebody else saved it meanwhile; then `overwrite` puts this one in its place. */
export function useSave(saved: Pick<Saved, 'id' | 'tag'> | null, onSaved: (saved: Saved) => void) {
  const t = useT()
  const client = useQueryClient()
  const { tenant } = useTenant()
  const save = useMutation({
    mutationFn: async ({ board, overwrite }: { board: Board; overwrite: boolean }) => {
      const typeOf = (look: string) => client.getQueryData<LookBody>(['look', tenant, look])?.chart?.type as string | undefined
      if (saved === null) return addDashboard(tenant, board, typeOf)
      const tag = overwrite ? (await readDashboard(tenant, saved.id)).tag : saved.tag
      return replaceDashboard(tenant, saved.id, board, tag, typeOf)
    },
    onSuccess: (made) => {
      notifications.show({ message: t('dashboards.saved', { name: made.board.name }) })
      client.setQueryData(['dashboard', tenant, made.id], made)
      void client.invalidateQueries({ queryKey: ['dashboards', tenant] })
      onSaved(made)
    },
  })
  const conflict = save.error instanceof CallError && save.error.status === 412
  const gone = goneTiles(save.error)
  return { ...save, conflict, gone, problem: save.error !== null && !conflict && gone.length === 0 ? save.error : null }
}

/** The places of tiles that cannot be saved because their Looks were deleted; none if anything else is wrong as well. */
export function goneTiles(error: Error | null): number[] {
  if (!(error instanceof CallError) || error.errors.length === 0) return []
  const places = error.errors.map((item) => (item.code === 'unknown_look' ? /^\/tiles\/(\d+)\/look$/.exec(item.pointer)?.[1] : undefined))
  return places.every((place) => place !== undefined) ? places.map(Number) : []
}
