import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useNavigate } from 'react-router'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'
import { TextInput } from '../shared/inputs'
import { DashboardMenu } from './DashboardMenu'
import { IN_MAIN } from './menus'

type Reading = { id: string; name: string; full: boolean; onPrint: () => void; onFull: () => void; onEdit: () => void; onAdd: () => void }

/** The title of a dashboard that is read, and what can be done with it. */
export function ReadingHead({ id, name, full, onPrint, onFull, onEdit, onAdd }: Reading) {
  const t = useT()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const editor = may('reports:write')
  const copy = async () => {
    await navigator.clipboard.writeText(window.location.href)
    notifications.show({ message: t('dashboards.linkCopied') })
  }
  return (
    <div className="row wrap boardhead">
      <h1 className="trunc">{name}</h1>
      <span className="grow" />
      <div className="row wrap noprint">
        <Menu position="bottom-end" portalProps={IN_MAIN}>
          <Menu.Target><button type="button" className="btn"><Icon name="download" />{t('dashboards.export')}</button></Menu.Target>
          <Menu.Dropdown><Menu.Item leftSection={<Icon name="print" />} onClick={onPrint}>{t('dashboards.print')}</Menu.Item></Menu.Dropdown>
        </Menu>
        <button type="button" className="btn" onClick={() => void copy()}><Icon name="link" />{t('dashboards.copyLink')}</button>
        <button type="button" className="btn sq" aria-pressed={full} aria-label={t(full ? 'dashboards.leaveFullScreen' : 'dashboards.fullScreen')} title={t(full ? 'dashboards.leaveFullScreen' : 'dashboards.fullScreen')} onClick={onFull}><Icon name="expand" /></button>
        {editor ? (
          <>
            <button type="button" className="btn" onClick={onEdit}><Icon name="settings" />{t('dashboards.edit')}</button>
            <button type="button" className="btn primary" onClick={onAdd}><Icon name="plus" />{t('dashboards.addTile')}</button>
          </>
        ) : null}
        <DashboardMenu id={id} name={name} onDeleted={() => void navigate(`/t/${tenant}/dashboards`)} onDuplicated={(copied) => void navigate(`/t/${tenant}/dashboards/${copied}`)} />
      </div>
    </div>
  )
}

type Editing = {
  name: string
  problem: string | null
  dirty: boolean
  saving: boolean
  canUndo: boolean
  canRedo: boolean
  onName: (name: string) => void
  onAdd: () => void
  /** Undoes, or redoes. */
  step: (back: boolean) => void
  leave: () => void
  save: () => void
}

/** The title of a dashboard that is edited, with undo, redo and save. */
export function EditingHead({ name, problem, dirty, saving, canUndo, canRedo, onName, onAdd, step, leave, save }: Editing) {
  const t = useT()
  return (
    <div className="row wrap boardhead">
      <h1 className="vh">{name.trim() === '' ? t('dashboards.untitled') : name}</h1>
      <TextInput className="boardname" label={t('dashboards.name')} hideLabel placeholder={t('dashboards.untitled')} value={name} maxLength={200} onChange={onName} error={problem} />
      <span className="pill acc">{t(dirty ? 'dashboards.unsaved' : 'dashboards.editing')}</span>
      <span className="grow" />
      <div className="row wrap">
        <button type="button" className="btn sq" aria-label={t('dashboards.undo')} title={t('dashboards.undo')} aria-disabled={!canUndo} onClick={() => step(true)}><Icon name="undo" /></button>
        <button type="button" className="btn sq" aria-label={t('dashboards.redo')} title={t('dashboards.redo')} aria-disabled={!canRedo} onClick={() => step(false)}><Icon name="redo" /></button>
        <button type="button" className="btn" onClick={onAdd}><Icon name="plus" />{t('dashboards.addTile')}</button>
        <button type="button" className="btn" onClick={leave}>{t(dirty ? 'dashboards.discard' : 'dashboards.done')}</button>
        <button type="button" className="btn primary" aria-disabled={saving} onClick={save}>{t(saving ? 'dashboards.saving' : 'dashboards.save')}</button>
      </div>
    </div>
  )
}
