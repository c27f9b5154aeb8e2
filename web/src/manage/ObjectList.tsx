import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { SchemaBody } from '../api/schema'
import { RecentImports } from '../imports/RecentImports'
import { useLanguage } from '../i18n/LanguageProvider'
import { useT } from '../i18n/useT'
import { IntegrationCards } from '../integrations/IntegrationCards'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { EmptyState } from '../shared/EmptyState'
import { Icon } from '../shared/Icon'
import { SearchInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { DataNav } from './DataNav'
import { ordered, type Order } from './objectOrder'
import { searched, useObjects, useRecordCounts } from './objects'
import { ObjectTable, ObjectTableSkeleton } from './ObjectTable'

/** The objects of a tenant: what they are, and where they stand in reports. */
export function ObjectList({ selected }: { selected: string | undefined }) {
  const t = useT()
  const { tenant, may } = useTenant()
  const objects = useObjects()
  const base = `/t/${encodeURIComponent(tenant)}/data`
  return (
    <main className="page" id="main" tabIndex={-1}>
      <DataNav />
      <div className="row wrap managehead">
        <h1 className="grow">{t('manage.title')}</h1>
        {may('records:write') ? <Link className="btn" to={`${base}/import`}><Icon name="upload" />{t('manage.import')}</Link> : null}
        <NewObject path={`${base}/objects/new`} />
      </div>
      <p className="sub s13 managelead">{t('manage.lead')}</p>
      {objects.isError ? <ProblemNotice error={objects.error} again={() => void objects.refetch()} /> : null}
      {objects.isPending ? <ObjectTableSkeleton /> : null}
      {objects.data === undefined ? null : <Found objects={objects.data} selected={selected} base={base} />}
      <div className="recent"><IntegrationCards /></div>
      <div className="recent"><RecentImports /></div>
    </main>
  )
}

/** Why the reader cannot make an object; null where nothing is in the way. */
function useNoObject(): string | null {
  const t = useT()
  const { may } = useTenant()
  const catalog = useCatalog()
  return !may('schemas:write') ? t('manage.noRight') : catalog.data?.plan.own_objects === false ? t('manage.edit.planTitle') : null
}

function NewObject({ path }: { path: string }) {
  const t = useT()
  const reason = useNoObject()
  if (reason === null) return <Link className="btn primary" to={path}><Icon name="plus" />{t('manage.new')}</Link>
  return (
    <>
      <button type="button" className="btn" aria-disabled="true" aria-describedby="new-reason"><Icon name="plus" />{t('manage.new')}</button>
      <p className="s12 mut newreason" id="new-reason">{reason}</p>
    </>
  )
}

function Found({ objects, selected, base }: { objects: SchemaBody[]; selected: string | undefined; base: string }) {
  const t = useT()
  const { language } = useLanguage()
  const catalog = useCatalog()
  const counts = useRecordCounts(objects)
  const [search, setSearch] = useState('')
  const [order, setOrder] = useState<Order>({ column: 'object', descending: false })
  const found = useMemo(() => searched(objects, search, catalog.data), [objects, search, catalog.data])
  const shown = ordered(found, order, language, catalog.data, counts)
  const own = objects.some((object) => object.object !== 'contact')
  return (
    <>
      <div className="row managetools">
        <div className="managefind"><SearchInput label={t('manage.search')} value={search} onChange={setSearch} /></div>
        <span className="grow" />
        <span className="s12 mut" role="status">
          {search.trim() === '' ? t('manage.count', { count: objects.length }) : t('manage.found', { count: found.length, total: objects.length })}
        </span>
      </div>
      {found.length === 0 ? (
        <div className="card">
          <EmptyState icon="search" title={t('manage.nothing.title', { search })} text={t('manage.nothing.text')}>
            <button type="button" className="btn" onClick={() => setSearch('')}>{t('manage.nothing.clear')}</button>
          </EmptyState>
        </div>
      ) : <ObjectTable objects={shown} counts={counts} selected={selected} order={order} onOrder={setOrder} />}
      {own ? null : <FirstObject base={base} />}
    </>
  )
}

/** Ways to a first object, as far as the reader may go them. */
function FirstObject({ base }: { base: string }) {
  const t = useT()
  const { may } = useTenant()
  const reason = useNoObject()
  const [define, write] = [may('schemas:write'), may('records:write')]
  return (
    <div className="card firstobject">
      <EmptyState icon="box" title={t(define ? 'manage.first.title' : 'manage.first.none')} text={t(define ? 'manage.first.text' : 'manage.first.locked')}>
        {reason === null ? <Link className="btn primary" to={`${base}/objects/new`}><Icon name="plus" />{t('manage.new')}</Link> : null}
        {define ? <Link className="btn" to={`${base}/integrations`}><Icon name="bolt" />{t('manage.first.connect')}</Link> : null}
        {write ? <Link className="btn" to={`${base}/import`}><Icon name="upload" />{t('manage.first.file')}</Link> : null}
      </EmptyState>
    </div>
  )
}
