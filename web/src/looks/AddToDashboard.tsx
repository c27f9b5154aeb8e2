import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { LookSummary } from '../api/query'
import { EMPTY_BOARD, MAX_TILES } from '../dashboards/board'
import { addDashboard, editDashboard, useDashboards } from '../dashboards/calls'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { Dialog } from '../shared/Dialog'
import { SelectInput, TextInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { withLook } from './withLook'

const NEW = ''

/** Puts a Look at the end of a dashboard, or on a new one. */
export function AddToDashboard({ look, onClose }: { look: LookSummary; onClose: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  const client = useQueryClient()
  const dashboards = useDashboards()
  const [chosen, setChosen] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [tried, setTried] = useState(false)
  const id = chosen ?? dashboards.data?.[0]?.id ?? NEW
  const target = dashboards.data?.find((dashboard) => dashboard.id === id)
  const full = target !== undefined && target.tile_count >= MAX_TILES
  const missing = id === NEW && name.trim() === ''
  const add = useMutation({
    mutationFn: () => (id === NEW ? addDashboard(tenant, withLook({ ...EMPTY_BOARD, name }, look)) : editDashboard(tenant, id, (board) => withLook(board, look))),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ['dashboards', tenant] })
      await client.invalidateQueries({ queryKey: ['dashboard', tenant, saved.id] })
      const text = t('looks.addTo.done', { name: look.name, dashboard: saved.board.name })
      notifications.show({ message: <Link className="lk" to={`/t/${tenant}/dashboards/${saved.id}`}>{text}</Link> })
      onClose()
    },
  })
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!missing && !full && !add.isPending) add.mutate()
  }
  return (
    <Dialog title={t('looks.addTo.title', { name: look.name })} onClose={onClose}>
      {dashboards.isPending ? <Skeletons rows={2} /> : null}
      {dashboards.isError ? <ProblemNotice error={dashboards.error} again={() => void dashboards.refetch()} compact /> : null}
      {dashboards.data === undefined ? null : (
        <form className="formgrid" noValidate onSubmit={submit}>
          <SelectInput
            label={t('looks.addTo.choose')}
            value={id}
            onChange={setChosen}
            data-autofocus
            error={full ? t('looks.addTo.full', { dashboard: target.name, count: MAX_TILES }) : null}
            options={[...dashboards.data.map((dashboard) => ({ value: dashboard.id, label: dashboard.name })), { value: NEW, label: t('looks.addTo.new') }]}
          />
          {id === NEW ? <TextInput label={t('looks.addTo.newName')} value={name} onChange={setName} error={tried && missing ? t('dashboards.nameMissing') : null} /> : null}
          {add.isError ? <ProblemNotice error={add.error} compact /> : null}
          <div className="row actions">
            <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
            <button type="submit" className="btn primary" aria-disabled={full}>{t('common.add')}</button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
