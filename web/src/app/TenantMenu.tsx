import { Menu } from '@mantine/core'
import { Link, useParams } from 'react-router'
import { useT } from '../i18n/useT'
import { OPERATOR } from '../session/session'
import { useSessions } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'

/** The tenant that is shown, and the others that this browser is signed in to. */
export function TenantMenu() {
  const t = useT()
  const { tenant } = useParams()
  const { items } = useSessions()
  const others = items.filter((session) => session.tenant !== OPERATOR && session.tenant !== tenant)
  const operator = items.some((session) => session.tenant === OPERATOR)
  if (tenant === undefined) return operator ? <span className="tenant">{t('shell.tenant.all')}</span> : null
  if (!operator && others.length === 0) return <span className="tenant trunc">{tenant}</span>
  return (
    <Menu>
      <Menu.Target>
        <button type="button" className="tenant" aria-label={t('shell.tenant.switch', { tenant })}>
          <span className="trunc">{tenant}</span><Icon name="chevronDown" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map((session) => (
          <Menu.Item key={session.tenant} component={Link} to={`/t/${encodeURIComponent(session.tenant)}/reports`}>{session.tenant}</Menu.Item>
        ))}
        {operator ? <Menu.Item component={Link} to="/">{t('shell.tenants')}</Menu.Item> : null}
        {operator ? <Menu.Item component={Link} to="/ops">{t('shell.tenant.all')}: {t('shell.ops')}</Menu.Item> : null}
      </Menu.Dropdown>
    </Menu>
  )
}
