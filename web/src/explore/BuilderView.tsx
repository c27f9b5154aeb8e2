import { lazy, Suspense } from 'react'
import { useParams, useSearchParams } from 'react-router'
import { CallError } from '../api/call'
import { useT } from '../i18n/useT'
import { decodeReport } from '../report/url'
import { useCatalog } from '../shared/catalog'
import { EmptyState } from '../shared/EmptyState'
import { ProblemNotice } from '../shared/ProblemNotice'
import { useTitle } from '../shared/useTitle'
import { Builder } from './Builder'
import { BuilderSkeleton } from './BuilderSkeleton'
import { useLook } from './useLook'
import { CONTACT } from '../report/edit'
import '../styles/explore.css'

// Only a tenant without data sees it.
const FirstMinutes = lazy(() => import('../first/FirstMinutes').then((module) => ({ default: module.FirstMinutes })))

/** Custom reports: the question of the address, or of a Look, or an empty one. */
export default function BuilderView() {
  const t = useT()
  const { look: id } = useParams()
  const [parameters] = useSearchParams()
  const catalog = useCatalog()
  const look = useLook(id)
  const asked = parameters.get('r')
  useTitle(look.data?.look.name ?? t('shell.reports'))
  if (catalog.isError && catalog.data === undefined) {
    return (
      <main className="page narrow" id="main" tabIndex={-1}>
        <h1>{t('explore.catalogFailed')}</h1>
        <ProblemNotice error={catalog.error} again={() => void catalog.refetch()} />
      </main>
    )
  }
  if (look.isError) {
    const gone = look.error instanceof CallError && look.error.status === 404
    return (
      <main className="page narrow" id="main" tabIndex={-1}>
        <h1>{t('shell.looks')}</h1>
        {gone ? <EmptyState icon="search" title={t('common.notFoundTitle')} text={t('explore.lookGone')} /> : <ProblemNotice error={look.error} again={() => void look.refetch()} />}
      </main>
    )
  }
  if (catalog.data === undefined || (id !== undefined && look.data === undefined)) return <BuilderSkeleton />
  const reportable = catalog.data.explores.some((explore) => explore.object !== CONTACT)
  if (!reportable && id === undefined && asked === null) return <Suspense fallback={<BuilderSkeleton />}><FirstMinutes catalog={catalog.data} /></Suspense>
  return <Builder key={id ?? ''} catalog={catalog.data} look={look.data ?? null} badLink={asked !== null && decodeReport(asked) === null} onReload={() => void look.refetch()} />
}
