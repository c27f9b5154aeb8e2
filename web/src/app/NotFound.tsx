import { Link } from 'react-router'
import { useT } from '../i18n/useT'
import { EmptyState } from '../shared/EmptyState'
import { useTitle } from '../shared/useTitle'

/** An address that is nothing, or nothing the reader can see. */
export function NotFound() {
  const t = useT()
  useTitle(t('common.notFoundTitle'))
  return (
    <main className="page" id="main" tabIndex={-1}>
      <EmptyState icon="search" level={1} title={t('common.notFoundTitle')} text={t('common.notFound')}>
        <Link className="btn" to="/">{t('common.home')}</Link>
      </EmptyState>
    </main>
  )
}
