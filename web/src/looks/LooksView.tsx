import '../styles/looks.css'
import { useState } from 'react'
import { Link } from 'react-router'
import { useLooks } from '../dashboards/calls'
import { SortHead, useFound } from '../dashboards/sortable'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { EmptyState } from '../shared/EmptyState'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { SearchInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useTitle } from '../shared/useTitle'
import { chartType } from './chartType'
import { LookMenu } from './LookMenu'

/** All saved reports of the tenant. */
export default function LooksView() {
  const t = useT()
  const formats = useFormats()
  const { tenant } = useTenant()
  const looks = useLooks()
  const catalog = useCatalog()
  const [text, setText] = useState('')
  const { found, sorting, sortBy } = useFound(looks.data, text, formats.locale)
  useTitle(t('looks.title'))
  const some = (looks.data?.length ?? 0) > 0
  const labelOf = (object: string) => catalog.data?.explores.find((explore) => explore.object === object)?.label ?? object
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="row wrap listhead">
        <div className="grow">
          <h1>{t('looks.title')}</h1>
          {some ? <p className="s13 sub">{t('looks.lead')}</p> : null}
        </div>
        {some ? <Link className="btn primary" to={`/t/${tenant}/reports`}><Icon name="plus" />{t('looks.newReport')}</Link> : null}
      </div>
      {looks.isError ? <ProblemNotice error={looks.error} again={() => void looks.refetch()} /> : null}
      {looks.isPending ? <div className="card"><Skeletons /></div> : null}
      {looks.data !== undefined && !some ? (
        <div className="card">
          <EmptyState icon="bar" title={t('looks.first.title')} text={t('looks.first.text')}>
            <Link className="btn primary" to={`/t/${tenant}/reports`}><Icon name="plus" />{t('looks.first.action')}</Link>
          </EmptyState>
        </div>
      ) : null}
      {some ? (
        <>
          <div className="row wrap listtools">
            <SearchInput label={t('looks.search')} value={text} onChange={setText} />
            <p className="s12 mut" role="status">{text.trim() === '' ? t('looks.count', { count: found.length }) : t('looks.found', { count: found.length })}</p>
          </div>
          {found.length === 0 ? (
            <div className="card">
              <EmptyState icon="search" title={t('looks.none.title', { text })}>
                <button type="button" className="btn" onClick={() => setText('')}>{t('looks.none.clear')}</button>
              </EmptyState>
            </div>
          ) : (
            <div className="card listcard">
              <table className="t tall savedlist">
                <caption className="vh">{t('looks.title')}</caption>
                <thead>
                  <tr>
                    <SortHead by="name" label={t('looks.name')} sorting={sorting} onSort={sortBy} />
                    <th scope="col" className="wide">{t('looks.object')}</th>
                    <th scope="col" className="wide">{t('looks.chart')}</th>
                    <SortHead by="updated_at" label={t('looks.changed')} sorting={sorting} onSort={sortBy} className="when" />
                    <th scope="col" className="act"><span className="vh">{t('looks.actions')}</span></th>
                  </tr>
                </thead>
                <tbody>
                  {found.map((look) => {
                    const type = chartType(look.chart_type)
                    return (
                      <tr key={look.id}>
                        <td className="named">
                          <Link className="lk strong trunc" to={`/t/${tenant}/reports/${look.id}`}>{look.name}</Link>
                          {look.description === '' ? null : <span className="s12 mut trunc">{look.description}</span>}
                        </td>
                        <td className="wide sub">{labelOf(look.object)}</td>
                        <td className="wide"><span className="looktype"><Icon name={type} />{t(`looks.type.${type}` satisfies MessageId)}</span></td>
                        <td className="when sub" title={formats.instant(look.updated_at, Intl.DateTimeFormat().resolvedOptions().timeZone)}>{formats.relative(look.updated_at)}</td>
                        <td className="act"><LookMenu look={look} /></td>
                      </tr>
                    )
                  })}
                </tbody>
              </table>
            </div>
          )}
        </>
      ) : null}
    </main>
  )
}
