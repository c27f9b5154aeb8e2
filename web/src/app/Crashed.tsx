import { useRouteError } from 'react-router'
import { useT } from '../i18n/useT'
import { EmptyState } from '../shared/EmptyState'

/** What stands where a view failed to draw. Its address holds the question, so loading again loses nothing. */
export function Crashed() {
  const t = useT()
  const error = useRouteError()
  console.error(error)
  return (
    <main className="page" id="main" tabIndex={-1}>
      <EmptyState icon="warning" level={1} title={t('shell.crashed')} text={t('shell.crashed.text')}>
        <button type="button" className="btn" onClick={() => window.location.reload()}>{t('shell.reload')}</button>
      </EmptyState>
    </main>
  )
}
