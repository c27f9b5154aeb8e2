import { Drawer } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Link, NavLink, useLocation, useParams } from 'react-router'
import { useT } from '../i18n/useT'
import { sessionFor, OPERATOR } from '../session/session'
import { useSessions } from '../session/SessionProvider'
import { BrandMark, Icon } from '../shared/Icon'
import { HelpMenu } from './HelpMenu'
import { LanguageButton } from './LanguageButton'
import { TenantMenu } from './TenantMenu'
import { UserMenu } from './UserMenu'

/** Product, tenant, views, search, language, help and the reader. */
export function TopBar({ onSearch }: { onSearch: () => void }) {
  const t = useT()
  const { tenant } = useParams()
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  useEffect(() => setOpen(false), [pathname])
  return (
    <header className="top">
      <button type="button" className="btn ghost sq narrowonly" aria-label={t('shell.menu')} aria-expanded={open} onClick={() => setOpen(true)}>
        <Icon name="menu" />
      </button>
      <Link className="brand" to="/"><BrandMark />Crosslook</Link>
      <span className="slash wideonly" aria-hidden="true">/</span>
      <TenantMenu />
      <nav className="nav wideonly" aria-label={t('shell.main')}><Views /></nav>
      <span className="grow" />
      {tenant === undefined ? null : (
        <>
          <button type="button" className="palette wideonly" onClick={onSearch}>
            <Icon name="search" /><span className="grow">{t('shell.search')}</span><kbd>{t('shell.shortcut')}</kbd>
          </button>
          <button type="button" className="btn ghost sq narrowonly" aria-label={t('shell.search')} onClick={onSearch}><Icon name="search" /></button>
        </>
      )}
      <span className="row tools wideonly"><LanguageButton /><HelpMenu /></span>
      <UserMenu />
      <Drawer opened={open} onClose={() => setOpen(false)} position="left" size="280px" title={t('shell.menu')} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <nav className="sidenav" aria-label={t('shell.main')}><Views /></nav>
        <div className="row sidetools"><LanguageButton /><HelpMenu /></div>
      </Drawer>
    </header>
  )
}

/** Links to the views that the reader's permissions open. */
function Views() {
  const t = useT()
  const { tenant } = useParams()
  const { items } = useSessions()
  if (tenant === undefined) {
    return items.some((session) => session.tenant === OPERATOR && session.scopes.includes('ops')) ? <NavLink to="/ops">{t('shell.ops')}</NavLink> : null
  }
  const session = sessionFor(items, tenant)
  const may = (scope: string) => session?.scopes.includes(scope) ?? false
  const base = `/t/${encodeURIComponent(tenant)}`
  return (
    <>
      {may('reports:read') ? <NavLink to={`${base}/reports`}>{t('shell.reports')}</NavLink> : null}
      {may('reports:read') ? <NavLink to={`${base}/dashboards`}>{t('shell.dashboards')}</NavLink> : null}
      {may('schemas:read') ? <NavLink to={`${base}/data`}>{t('shell.data')}</NavLink> : null}
      {may('ops') && session?.tenant === OPERATOR ? <NavLink to={`${base}/ops`}>{t('shell.ops')}</NavLink> : null}
    </>
  )
}
