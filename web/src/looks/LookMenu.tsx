import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { call, callWithResponse } from '../api/call'
import { createLook, deleteLook, getLook, type CreateLookData, type LookSummary } from '../api/query'
import { IN_MAIN } from '../dashboards/menus'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { ConfirmDialog } from '../shared/Dialog'
import { Icon } from '../shared/Icon'
import { problemText } from '../shared/ProblemNotice'
import { AddToDashboard } from './AddToDashboard'

/** What can be done with a Look. */
export function LookMenu({ look }: { look: LookSummary }) {
  const t = useT()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { tenant, may } = useTenant()
  const [asked, setAsked] = useState<'add' | 'delete' | null>(null)
  const changed = () => client.invalidateQueries({ queryKey: ['looks', tenant] })
  const duplicate = useMutation({
    mutationFn: async () => {
      const { name, description, request, chart } = await call(getLook({ path: { tenant, look: look.id } }))
      const body = { name: t('looks.copyOf', { name }), description, request, ...(chart === null ? {} : { chart }) }
      return call(createLook({ path: { tenant }, body: body as CreateLookData['body'] }))
    },
    onSuccess: async (made) => {
      notifications.show({ message: t('looks.duplicated', { name: made.name }) })
      await changed()
    },
    onError: (error) => notifications.show({ color: 'red', message: problemText(error, t) }),
  })
  const remove = async () => {
    const { data, response } = await callWithResponse(getLook({ path: { tenant, look: look.id } }))
    const tag = response.headers.get('ETag') ?? `"${data.version}"`
    await call(deleteLook({ path: { tenant, look: look.id }, headers: { 'if-match': tag } }))
    notifications.show({ message: t('looks.deleted', { name: look.name }) })
    await changed()
    await client.invalidateQueries({ queryKey: ['look', tenant, look.id] })
  }
  return (
    <>
      <Menu position="bottom-end" portalProps={IN_MAIN}>
        <Menu.Target>
          <button type="button" className="btn ghost sm sq" aria-label={t('looks.actionsOf', { name: look.name })}><Icon name="more" /></button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="eye" />} onClick={() => void navigate(`/t/${tenant}/reports/${look.id}`)}>{t('looks.open')}</Menu.Item>
          {may('reports:write') ? (
            <>
              <Menu.Item leftSection={<Icon name="dashboard" />} onClick={() => setAsked('add')}>{t('looks.addTo')}</Menu.Item>
              <Menu.Item leftSection={<Icon name="copy" />} onClick={() => duplicate.mutate()}>{t('looks.duplicate')}</Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<Icon name="trash" />} className="dangeritem" onClick={() => setAsked('delete')}>{t('looks.delete')}</Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {asked === 'add' ? <AddToDashboard look={look} onClose={() => setAsked(null)} /> : null}
      {asked === 'delete' ? (
        <ConfirmDialog title={t('looks.deleteTitle', { name: look.name })} text={t('looks.deleteText')} action={t('looks.delete')} onConfirm={remove} onClose={() => setAsked(null)} />
      ) : null}
    </>
  )
}
