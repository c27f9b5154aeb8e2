import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Outlet, useLocation, useParams } from 'react-router'
import { useT } from '../i18n/useT'
import { useSessions } from '../session/SessionProvider'
import { EndedDialog } from './EndedDialog'
import { TopBar } from './TopBar'

const Palette = lazy(() => import('../palette/Palette'))

/** The frame around every view: top bar, command palette, and the dialog for a session that has ended. */
export function Shell() {
  const t = useT()
  const { ended } = useSessions()
  const { tenant } = useParams()
  const [searching, setSearching] = useState(false)
  const { pathname } = useLocation()
  useFocusOnMain(pathname)
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k' && tenant !== undefined) {
        event.preventDefault()
        setSearching(true)
      }
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [tenant])
  return (
    <div className="app">
      <a className="skip" href="#main">{t('shell.skip')}</a>
      <TopBar onSearch={() => setSearching(true)} />
      <Outlet />
      {searching && tenant !== undefined ? (
        <Suspense>
          <Palette tenant={tenant} onClose={() => setSearching(false)} />
        </Suspense>
      ) : null}
      {ended ? <EndedDialog /> : null}
    </div>
  )
}

/** After a change of view, readers of screens start at its content (not when the page is first opened). */
function useFocusOnMain(pathname: string): void {
  const view = pathname.split('/').slice(0, 4).join('/')
  const before = useRef(view)
  useEffect(() => {
    if (before.current === view) return
    before.current = view
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [view])
}
