import { Menu } from '@mantine/core'
import { useParams } from 'react-router'
import { useT } from '../i18n/useT'
import { sessionFor, signOut } from '../session/session'
import { useSessions } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'
import { useThemeChoice, type ThemeChoice } from './ThemeProvider'

/** Who is signed in, the theme, and the way out. */
export function UserMenu() {
  const t = useT()
  const { tenant } = useParams()
  const { items } = useSessions()
  const { choice, choose } = useThemeChoice()
  const session = tenant === undefined ? (items[0] ?? null) : sessionFor(items, tenant)
  const leave = async () => {
    if (session !== null) await signOut(session.tenant)
    // The page begins anew: nothing of what it showed stays in its memory.
    window.location.assign('/sign-in')
  }
  const themes: [ThemeChoice, string][] = [
    ['light', t('shell.theme.light')],
    ['dark', t('shell.theme.dark')],
    ['system', t('shell.theme.system')],
  ]
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="avatar" aria-label={t('shell.user')}><Icon name="person" /></button>
      </Menu.Target>
      <Menu.Dropdown>
        {session === null ? null : <Menu.Label>{t('shell.signedInAs', { name: session.name ?? session.subject })}</Menu.Label>}
        <Menu.Label>{t('shell.theme')}</Menu.Label>
        {themes.map(([name, label]) => (
          <Menu.Item key={name} onClick={() => choose(name)} leftSection={<Icon name={name === 'dark' ? 'moon' : name === 'light' ? 'sun' : 'settings'} />} rightSection={choice === name ? <Icon name="check" /> : null}>
            {label}
          </Menu.Item>
        ))}
        {session === null ? null : (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<Icon name="signOut" />} onClick={() => void leave()}>{t('shell.signOut')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
