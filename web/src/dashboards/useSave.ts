import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CallError } from '../api/call'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import type { Board } from './board'
import { addDashboard, readDashboard, replaceDashboard, type Saved } from './calls'

/** Saves a dashboard. `conflict`: somebody else saved it meanwhile; then `overwrite` puts this one in its place. */
export function useSave(saved: Saved | null, onSaved: (saved: Saved) => void) {
  const t = useT()
  const client = useQueryClient()
  const { tenant } = useTenant()
  const save = useMutation({
    mutationFn: async ({ board, overwrite }: { board: Board; overwrite: boolean }) => {
      if (saved === null) return addDashboard(tenant, board)
      const tag = overwrite ? (await readDashboard(tenant, saved.id)).tag : saved.tag
      return replaceDashboard(tenant, saved.id, board, tag)
    },
    onSuccess: (made) => {
      notifications.show({ message: t('dashboards.saved', { name: made.board.name }) })
      client.setQueryData(['dashboard', tenant, made.id], made)
      void client.invalidateQueries({ queryKey: ['dashboards', tenant] })
      onSaved(made)
    },
  })
  const conflict = save.error instanceof CallError && save.error.status === 412
  return { ...save, conflict, problem: save.error !== null && !conflict ? save.error : null }
}
