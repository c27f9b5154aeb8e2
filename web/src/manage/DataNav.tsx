import { Link, useLocation } from 'react-router'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import '../styles/manage.css'
import { FileDrop } from './FileDrop'

type Place = { label: MessageId; to: string; under: readonly string[] }

/** The views of Manage data; `under`: the addresses below `/data` that belong to each. */
const PLACES: readonly Place[] = [
  { label: 'manage.nav.objects', to: '', under: ['', 'objects'] },
  { label: 'manage.nav.integrations', to: '/integrations', under: ['integrations'] },
  { label: 'manage.nav.imports', to: '/imports', under: ['imports', 'import'] },
  { label: 'manage.nav.records', to: '/records', under: ['records'] },
  { label: 'manage.nav.settings', to: '/settings', under: ['settings'] },
]

/** The places of Manage data: the first child of each of its views' `main`. Files can be dropped on all of them; the
 * import wizard takes them itself. */
export function DataNav() {
  const t = useT()
  const { tenant } = useTenant()
  const { pathname } = useLocation()
  const base = `/t/${encodeURIComponent(tenant)}/data`
  const below = pathname.split('/data')[1]?.split('/')[1] ?? ''
  return (
    <nav className="datanav" aria-label={t('manage.nav.label')}>
      {below === 'import' ? null : <FileDrop />}
      {PLACES.map((place) => (
        <Link key={place.to} to={base + place.to} aria-current={place.under.includes(below) ? 'page' : undefined}>{t(place.label)}</Link>
      ))}
    </nav>
  )
}
