import { Link } from 'react-router'
import { useT } from '../i18n/useT'
import { DataNav } from '../manage/DataNav'
import { useTenant } from '../session/SessionProvider'
import { EmptyState } from '../shared/EmptyState'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useTitle } from '../shared/useTitle'
import '../styles/imports.css'
import { ImportTable } from './ImportTable'
import { useImports } from './pastImports'

/** All imports that are kept, with what became of them. */
export default function ImportsView() {
  const t = useT()
  const { tenant, may } = useTenant()
  const imports = useImports(200)
  const to = `/t/${encodeURIComponent(tenant)}/data/import`
  useTitle(t('imports.title'))
  const allowed = may('records:write')
  return (
    <main className="page" id="main" tabIndex={-1}>
      <DataNav />
      <div className="row wrap">
        <h1 className="grow">{t('imports.title')}</h1>
        {allowed ? <Link className="btn primary" to={to}><Icon name="upload" />{t('imports.import')}</Link> : null}
      </div>
      <p className="sub lead">{t('imports.lead')}</p>
      {!allowed ? <EmptyState icon="lock" title={t('imports.forbiddenTitle')} text={t('imports.forbidden')} />
        : imports.isPending ? <div className="card"><Skeletons /></div>
          : imports.isError ? <ProblemNotice error={imports.error} again={() => void imports.refetch()} />
            : imports.data.items.length === 0 ? (
              <div className="card">
                <EmptyState icon="upload" title={t('imports.empty')} text={t('imports.emptyText')}><Link className="btn primary" to={to}>{t('imports.import')}</Link></EmptyState>
              </div>
            ) : <ImportTable items={imports.data.items} caption={t('imports.title')} heads />}
    </main>
  )
}
