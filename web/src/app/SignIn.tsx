import { useEffect, useRef, useState } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { CallError } from '../api/call'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { useSessions } from '../session/SessionProvider'
import { exchange, OPERATOR } from '../session/session'
import { BrandMark, Icon } from '../shared/Icon'
import { useTitle } from '../shared/useTitle'

const ERRORS: Record<string, MessageId> = {
  denied: 'shell.signIn.denied',
  no_access: 'shell.signIn.noAccess',
  expired: 'shell.signIn.expired',
  failed: 'shell.signIn.failed',
}

/** Signs in: with the code of a link, which stands behind the # and so reaches no server's log, or at the provider. */
export function SignIn() {
  const t = useT()
  const { sign_in: ways, reload } = useSessions()
  const [parameters] = useSearchParams()
  const { hash } = useLocation()
  const navigate = useNavigate()
  const [problem, setProblem] = useState<MessageId | null>(ERRORS[parameters.get('error') ?? ''] ?? null)
  const used = useRef(false)
  const code = hash.slice(1)
  const back = safePath(parameters.get('return_to'))
  useTitle(t('shell.signIn'))
  useEffect(() => {
    if (code === '' || used.current) return
    used.current = true
    exchange(code)
      .then(async (session) => {
        await reload()
        const start = session.tenant === OPERATOR ? '/' : `/t/${encodeURIComponent(session.tenant)}/reports`
        await navigate(back ?? start, { replace: true })
      })
      .catch((error: unknown) => {
        setProblem(error instanceof CallError && error.status === 0 ? 'common.offline' : 'shell.signIn.used')
      })
  }, [code, back, navigate, reload])
  const waiting = code !== '' && problem === null
  return (
    <main className="signin" id="main" tabIndex={-1}>
      <div className="card">
        <div className="brand"><BrandMark />Crosslook</div>
        <h1>{t('shell.signIn')}</h1>
        {problem === null ? null : (
          <p className="notice bad" role="alert"><Icon name="alert" /><span>{t(problem)}</span></p>
        )}
        {waiting ? <p role="status" className="sub">{t('shell.signIn.waiting')}</p> : ways.oidc ? (
          <a className="btn primary" href={`/api/sign-in?return_to=${encodeURIComponent(back ?? '/')}`}>{t('shell.signIn.provider')}</a>
        ) : (
          <>
            <p className="sub">{t('shell.signIn.local')}</p>
            <pre className="command"><code>crosslook open</code></pre>
          </>
        )}
      </div>
    </main>
  )
}

/** A path of this page, or null: never an address elsewhere. */
export function safePath(path: string | null): string | null {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : null
}
