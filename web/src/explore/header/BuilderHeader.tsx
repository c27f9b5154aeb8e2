import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from 'react-router'
import type { ReactNode } from 'react'
import { useT } from '../../i18n/useT'
import { useTenant } from '../../session/SessionProvider'
import { Icon } from '../../shared/Icon'
import type { DraftControl } from '../useDraft'

/** The name of the report and everything that is done with it as a whole. */
export function BuilderHeader({ control, saved, runnable, onSave, onSql, exportMenu }: {
  control: DraftControl
  saved: boolean
  runnable: boolean
  onSave: (how: 'over' | 'new' | 'dashboard') => void
  onSql: () => void
  exportMenu: ReactNode
}) {
  const t = useT()
  const { tenant, may } = useTenant()
  const { draft, dirty } = control
  const mayWrite = may('reports:write')
  const copy = async () => {
    await navigator.clipboard.writeText(window.location.href)
    notifications.show({ message: t('explore.linkCopied') })
  }
  const blocked = !runnable || !mayWrite
  const save = (how: 'over' | 'new' | 'dashboard') => (blocked ? undefined : onSave(how))
  return (
    <div className="bhead">
      <h1 className="vh">{draft.name === '' ? t('explore.untitled') : draft.name}</h1>
      <input className="titleinput" aria-label={t('explore.title')} value={draft.name} placeholder={t('explore.untitled')} maxLength={200} size={Math.max(14, draft.name.length)} onChange={(event) => control.setName(event.target.value)} />
      {dirty && draft.report !== null ? <span className="unsaved s12 sub"><i aria-hidden="true" />{t('explore.unsaved')}</span> : null}
      <span className="grow" />
      <div className="row btools">
        <Link className="btn ghost" to={`/t/${encodeURIComponent(tenant)}/looks`}><Icon name="list" /><span className="lbl">{t('explore.looks')}</span></Link>
        <button type="button" className="btn ghost sq" aria-label={t('explore.undo')} aria-disabled={!control.canUndo} onClick={control.undo}><Icon name="undo" /></button>
        <button type="button" className="btn ghost sq" aria-label={t('explore.redo')} aria-disabled={!control.canRedo} onClick={control.redo}><Icon name="redo" /></button>
        <span className="vr wideonly" />
        <button type="button" className="btn" aria-disabled={!runnable} onClick={() => (runnable ? onSql() : undefined)}><Icon name="code" /><span className="lbl">{t('explore.sql')}</span></button>
        {exportMenu}
        <button type="button" className="btn" onClick={() => void copy()}><Icon name="link" /><span className="lbl">{t('explore.copyLink')}</span></button>
        <span className="split saveat">
          <button type="button" className="btn primary" aria-disabled={blocked} aria-describedby={mayWrite ? undefined : 'read-only'} onClick={() => save(saved ? 'over' : 'new')}>{t('common.save')}</button>
          <Menu position="bottom-end">
            <Menu.Target>
              <button type="button" className="btn primary" aria-label={t('explore.saveMenu')} aria-disabled={blocked}><Icon name="chevronDown" /></button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item disabled={blocked} onClick={() => save('new')}>{t('explore.saveAs')}</Menu.Item>
              <Menu.Item disabled={blocked} onClick={() => save('dashboard')}>{t('explore.saveToDashboard')}</Menu.Item>
              <Menu.Divider />
              <Menu.Item component={Link} to={`/t/${encodeURIComponent(tenant)}/reports`}>{t('explore.new')}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
        {mayWrite ? null : <span className="vh" id="read-only">{t('explore.readOnly')}</span>}
      </div>
    </div>
  )
}
