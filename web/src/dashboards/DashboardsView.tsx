import '../styles/dashboards.css'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { EmptyState } from '../shared/EmptyState'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { SearchInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useTitle } from '../shared/useTitle'
import { useDashboards } from './calls'
import { DashboardMenu } from './DashboardMenu'
import { SortHead, useFound } from './sortable'

/** All dashboards of the tenant. */
export default function DashboardsView() {
  const t = useT()
  const formats = useFormats()
  const { tenant, may } = useTenant()
  const dashboards = useDashboards()
  const [text, setText] = useState('')
  const { found, sorting, sortBy } = useFound(dashboards.data, text, formats.locale)
  const navigate = useNavigate()
  const editor = may('reports:write')
  useTitle(t('dashboards.title'))
  const base = `/t/${tenant}/dashboards`
  const some = (dashboards.data?.length ?? 0) > 0
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="row wrap listhead">
        <h1 className="grow">{t('dashboards.title')}</h1>
        {editor && some ? <Link className="btn primary" to={`${base}/new`}><Icon name="plus" />{t('dashboards.new')}</Link> : null}
      </div>
      {dashboards.isError ? <ProblemNotice error={dashboards.error} again={() => void dashboards.refetch()} /> : null}
      {dashboards.isPending ? <div className="card"><Skeletons /></div> : null}
      {dashboards.data !== undefined && !some ? (
        <div className="card">
          <EmptyState icon="dashboard" title={t('dashboards.first.title')} text={t(editor ? 'dashboards.first.text' : 'dashboards.first.readOnly')}>
            {editor ? <Link className="btn primary" to={`${base}/new`}><Icon name="plus" />{t('dashboards.create')}</Link> : null}
            <Link className="btn" to={`/t/${tenant}/reports`}>{t('dashboards.first.reports')}</Link>
          </EmptyState>
        </div>
      ) : null}
      {some ? (
        <>
          <div className="row wrap listtools">
            <SearchInput label={t('dashboards.search')} value={text} onChange={setText} />
            <p className="s12 mut" role="status">{text.trim() === '' ? t('dashboards.count', { count: found.length }) : t('dashboards.found', { count: found.length })}</p>
          </div>
          {found.length === 0 ? (
            <div className="card">
              <EmptyState icon="search" title={t('dashboards.none.title', { text })}>
                <button type="button" className="btn" onClick={() => setText('')}>{t('dashboards.none.clear')}</button>
              </EmptyState>
            </div>
          ) : (
            <div className="card listcard">
              <table className="t tall savedlist">
                <caption className="vh">{t('dashboards.title')}</caption>
                <thead>
                  <tr>
                    <SortHead by="name" label={t('dashboards.name')} sorting={sorting} onSort={sortBy} />
                    <th scope="col" className="n">{t('dashboards.tiles')}</th>
                    <SortHead by="updated_at" label={t('dashboards.changed')} sorting={sorting} onSort={sortBy} className="when" />
                    <th scope="col" className="act"><span className="vh">{t('dashboards.actions')}</span></th>
                  </tr>
                </thead>
                <tbody>
                  {found.map((dashboard) => (
                    <tr key={dashboard.id}>
                      <td className="named">
                        <Link className="lk strong trunc" to={`${base}/${dashboard.id}`}>{dashboard.name}</Link>
                        {dashboard.description === '' ? null : <span className="s12 mut trunc">{dashboard.description}</span>}
                      </td>
                      <td className="n">{formats.number(dashboard.tile_count)}</td>
                      <td className="when sub" title={formats.instant(dashboard.updated_at, Intl.DateTimeFormat().resolvedOptions().timeZone)}>{formats.relative(dashboard.updated_at)}</td>
                      <td className="act">
                        <DashboardMenu id={dashboard.id} name={dashboard.name} onOpen={() => void navigate(`${base}/${dashboard.id}`)} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      ) : null}
    </main>
  )
}
