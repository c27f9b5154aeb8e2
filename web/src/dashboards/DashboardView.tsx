import '../styles/dashboards.css'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { CallError } from '../api/call'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { EmptyState } from '../shared/EmptyState'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useTitle } from '../shared/useTitle'
import { BoardPage } from './BoardPage'
import { readDashboard } from './calls'

const NEW = 'new'

/** One dashboard, or a new one. */
export default function DashboardView() {
  const { dashboard: id = NEW } = useParams()
  const { tenant } = useTenant()
  const catalog = useCatalog()
  const [round, setRound] = useState(0)
  const dashboard = useQuery({
    queryKey: ['dashboard', tenant, id],
    queryFn: ({ signal }) => readDashboard(tenant, id, signal),
    enabled: id !== NEW,
    refetchOnMount: 'always',
  })
  const again = async () => {
    await Promise.all([catalog.refetch(), id === NEW ? null : dashboard.refetch()])
    setRound((before) => before + 1)
  }
  if (catalog.data !== undefined && id === NEW) return <BoardPage key={NEW} saved={null} catalog={catalog.data} reload={() => void again()} />
  // What was kept from the last visit may have been changed elsewhere since.
  if (catalog.data !== undefined && dashboard.data !== undefined && dashboard.isFetchedAfterMount) {
    return <BoardPage key={`${id} ${round}`} saved={dashboard.data} catalog={catalog.data} reload={() => void again()} />
  }
  return <Waiting error={dashboard.error ?? catalog.error} again={() => void again()} />
}

function Waiting({ error, again }: { error: Error | null; again: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  useTitle(t('dashboards.title'))
  const gone = error instanceof CallError && error.status === 404
  return (
    <main className="page" id="main" tabIndex={-1}>
      {gone ? (
        <div className="card">
          <EmptyState level={1} icon="dashboard" title={t('dashboards.gone.title')} text={t('dashboards.gone.text')}>
            <Link className="btn primary" to={`/t/${tenant}/dashboards`}>{t('dashboards.gone.all')}</Link>
          </EmptyState>
        </div>
      ) : (
        <>
          <h1 className="vh">{t('dashboards.title')}</h1>
          {error === null ? <BoardSkeleton /> : <ProblemNotice error={error} again={again} />}
        </>
      )}
    </main>
  )
}

function BoardSkeleton() {
  return (
    <>
      <Skeletons rows={2} />
      <div className="boardgrid" aria-hidden="true">
        {[[1, 1, 3, 3], [4, 1, 3, 3], [7, 1, 3, 3], [10, 1, 3, 3], [1, 4, 8, 7], [9, 4, 4, 7]].map(([x, y, w, h]) => (
          <div key={`${x} ${y}`} className="boardcell" style={{ '--x': x, '--y': y, '--w': w, '--h': h } as React.CSSProperties}>
            <div className="card boardtile"><div className="sk tiletitle" /></div>
          </div>
        ))}
      </div>
    </>
  )
}
