import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { ConfirmDialog, Dialog } from '../shared/Dialog'
import { Icon } from '../shared/Icon'
import { TextInput } from '../shared/inputs'
import { problemText, ProblemNotice } from '../shared/ProblemNotice'
import { addDashboard, editDashboard, readDashboard, removeDashboard } from './calls'
import { IN_MAIN } from './menus'

type Props = { id: string; name: string; onOpen?: () => void; onDeleted?: () => void; onDuplicated?: (id: string) => void }

/** What can be done with a whole dashboard: open, rename, duplicate, delete. */
export function DashboardMenu({ id, name, onOpen, onDeleted, onDuplicated }: Props) {
  const t = useT()
  const client = useQueryClient()
  const { tenant, may } = useTenant()
  const [asked, setAsked] = useState<'rename' | 'delete' | null>(null)
  const changed = () => client.invalidateQueries({ queryKey: ['dashboards', tenant] })
  const duplicate = useMutation({
    mutationFn: async () => {
      const { board } = await readDashboard(tenant, id)
      return addDashboard(tenant, { ...board, name: t('dashboards.copyOf', { name: board.name }) })
    },
    onSuccess: async (made) => {
      notifications.show({ message: t('dashboards.duplicated', { name: made.board.name }) })
      await changed()
      onDuplicated?.(made.id)
    },
    onError: (error) => notifications.show({ color: 'red', message: problemText(error, t) }),
  })
  if (!may('reports:write') && onOpen === undefined) return null
  return (
    <>
      <Menu position="bottom-end" portalProps={IN_MAIN}>
        <Menu.Target>
          <button type="button" className="btn ghost sm sq" aria-label={t('dashboards.actionsOf', { name })}><Icon name="more" /></button>
        </Menu.Target>
        <Menu.Dropdown>
          {onOpen === undefined ? null : <Menu.Item leftSection={<Icon name="eye" />} onClick={onOpen}>{t('dashboards.open')}</Menu.Item>}
          {may('reports:write') ? (
            <>
              <Menu.Item leftSection={<Icon name="edit" />} onClick={() => setAsked('rename')}>{t('dashboards.rename')}</Menu.Item>
              <Menu.Item leftSection={<Icon name="copy" />} onClick={() => duplicate.mutate()}>{t('dashboards.duplicate')}</Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<Icon name="trash" />} className="dangeritem" onClick={() => setAsked('delete')}>{t('dashboards.delete')}</Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {asked === 'rename' ? <RenameDialog id={id} name={name} onClose={() => setAsked(null)} onRenamed={changed} /> : null}
      {asked === 'delete' ? (
        <ConfirmDialog
          title={t('dashboards.deleteTitle', { name })}
          text={t('dashboards.deleteText')}
          typed={name}
          typedLabel={t('dashboards.deleteTyped', { name })}
          action={t('dashboards.delete')}
          onClose={() => setAsked(null)}
          onConfirm={async () => {
            await removeDashboard(tenant, id)
            notifications.show({ message: t('dashboards.deleted', { name }) })
            await changed()
            onDeleted?.()
          }}
        />
      ) : null}
    </>
  )
}

function RenameDialog({ id, name, onClose, onRenamed }: { id: string; name: string; onClose: () => void; onRenamed: () => Promise<void> }) {
  const t = useT()
  const { tenant } = useTenant()
  const client = useQueryClient()
  const [typed, setTyped] = useState(name)
  const [tried, setTried] = useState(false)
  const rename = useMutation({
    mutationFn: () => editDashboard(tenant, id, (board) => ({ ...board, name: typed })),
    onSuccess: async (saved) => {
      notifications.show({ message: t('dashboards.renamed', { name: saved.board.name }) })
      await client.invalidateQueries({ queryKey: ['dashboard', tenant, id] })
      await onRenamed()
      onClose()
    },
  })
  const missing = typed.trim() === ''
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!missing && !rename.isPending) rename.mutate()
  }
  return (
    <Dialog title={t('dashboards.renameTitle', { name })} onClose={onClose}>
      <form className="formgrid" noValidate onSubmit={submit}>
        <TextInput label={t('dashboards.name')} value={typed} onChange={setTyped} data-autofocus error={tried && missing ? t('dashboards.nameMissing') : null} />
        {rename.isError ? <ProblemNotice error={rename.error} compact /> : null}
        <div className="row actions">
          <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
          <button type="submit" className="btn primary">{t('dashboards.rename')}</button>
        </div>
      </form>
    </Dialog>
  )
}
