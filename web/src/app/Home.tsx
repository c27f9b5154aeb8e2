import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Link, Navigate, useNavigate } from 'react-router'
import { call, configureCalls } from '../api/call'
import { listTenants } from '../api/schema'
import { useLanguage } from '../i18n/LanguageProvider'
import { useT } from '../i18n/useT'
import { useSessions } from '../session/SessionProvider'
import { OPERATOR } from '../session/session'
import { Icon } from '../shared/Icon'
import { TextInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useTitle } from '../shared/useTitle'
import { TENANT_NAME } from '../shared/slug'

/** Where the reader was last; an operator chooses a tenant. */
export function Home() {
  const { items } = useSessions()
  const last = localStorage.getItem('crosslook.tenant')
  const own = items.filter((session) => session.tenant !== OPERATOR)
  if (items.length === 0) return <Navigate to="/sign-in" replace />
  const everyTenant = items.find((session) => session.tenant === OPERATOR)
  if (everyTenant !== undefined) return everyTenant.scopes.includes('ops') ? <ChooseTenant last={last} /> : <NameTenant last={last} />
  const tenant = own.find((session) => session.tenant === last)?.tenant ?? own[0]?.tenant ?? ''
  return <Navigate to={`/t/${encodeURIComponent(tenant)}/reports`} replace />
}

function ChooseTenant({ last }: { last: string | null }) {
  const t = useT()
  const { language } = useLanguage()
  configureCalls(OPERATOR, language)
  useTitle(t('shell.tenants'))
  const tenants = useQuery({
    queryKey: ['tenants'],
    queryFn: ({ signal }) => call(listTenants({ query: { page_size: 500 }, signal })),
  })
  if (tenants.isError) return <main className="page" id="main"><ProblemNotice error={tenants.error} again={() => void tenants.refetch()} /></main>
  if (tenants.data === undefined) return <Skeletons />
  const shown = [...tenants.data.items].sort((a, b) => Number(b.tenant === last) - Number(a.tenant === last) || a.tenant.localeCompare(b.tenant))
  return (
    <main className="page narrow" id="main" tabIndex={-1}>
      <h1>{t('shell.tenants')}</h1>
      <p className="sub lead">{t('shell.tenants.text')}</p>
      {shown.length === 0 ? <p className="sub">{t('shell.tenants.none')}</p> : null}
      <ul className="card choices">
        {shown.map((item) => (
          <li key={item.tenant}>
            <Link to={`/t/${encodeURIComponent(item.tenant)}/reports`}>
              <span className="grow">{item.tenant}</span>
              <span className="mut s12">{item.plan}</span>
              <Icon name="chevronRight" />
            </Link>
          </li>
        ))}
      </ul>
    </main>
  )
}

/** For a session for all tenants that may not list them: one is opened by its name. */
function NameTenant({ last }: { last: string | null }) {
  const t = useT()
  const navigate = useNavigate()
  const [name, setName] = useState(last ?? '')
  const [tried, setTried] = useState(false)
  useTitle(t('shell.tenants'))
  const right = TENANT_NAME.test(name.trim())
  const open = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (right) void navigate(`/t/${encodeURIComponent(name.trim())}/reports`)
  }
  return (
    <main className="page narrow" id="main" tabIndex={-1}>
      <h1>{t('shell.tenants')}</h1>
      <p className="sub lead">{t('shell.tenants.unlisted')}</p>
      <form className="card formgrid nametenant" noValidate onSubmit={open}>
        <TextInput label={t('shell.tenants.name')} value={name} onChange={setName} error={tried && !right ? t('shell.tenants.badName') : null} autoComplete="off" autoCapitalize="none" spellCheck={false} />
        <div className="row"><button type="submit" className="btn primary">{t('shell.tenants.open')}</button></div>
      </form>
    </main>
  )
}
