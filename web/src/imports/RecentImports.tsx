import { Link } from 'react-router'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import '../styles/imports.css'
import { ImportTable } from './ImportTable'
import { useImports } from './pastImports'

const SHOWN = 3

/** The last imports with their heading, for Manage data. Nothing for those who may not import. */
export function RecentImports() {
  const t = useT()
  const { tenant, may } = useTenant()
  const imports = useImports(SHOWN)
  if (!may('records:write')) return null
  const items = imports.data?.items ?? []
  const base = `/t/${encodeURIComponent(tenant)}/data`
  return (
    <section className="recentimports" aria-labelledby="recent-imports">
      <div className="row sectionhead">
        <h2 className="grow" id="recent-imports">{t('imports.recent')}</h2>
        {items.length > 0 ? <Link className="s13 lk" to={`${base}/imports`}>{t('imports.all')}</Link> : null}
      </div>
      {imports.isPending ? <div className="card"><Skeletons rows={2} /></div>
        : imports.isError ? <ProblemNotice error={imports.error} again={() => void imports.refetch()} />
          : items.length === 0 ? <p className="card importnone s13 sub">{t('imports.recent.none')} <Link to={`${base}/import`}>{t('imports.import')}</Link></p>
            : <ImportTable items={items.slice(0, SHOWN)} caption={t('imports.recent')} />}
    </section>
  )
}
