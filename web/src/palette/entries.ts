import type { CatalogBody, DashboardSummary, LookSummary } from '../api/query'
import type { MessageId } from '../i18n'
import type { useT } from '../i18n/useT'
import { suggestReports } from '../first/suggestions'
import { dimensionFor } from '../report/edit'
import { indexOf } from '../report/fields'
import { CHART_TYPES, type ChartOptions, type Report } from '../report/types'
import { reportPath } from '../report/url'
import type { Scope } from '../session/session'
import { objectIcon, type IconName } from '../shared/Icon'

export type Group = 'recent' | 'actions' | 'looks' | 'dashboards' | 'objects' | 'fields' | 'suggestions' | 'records'

/** What choosing an entry does: it opens an address, or changes how the page looks or speaks. */
export type Action = { to: string } | { theme: 'light' | 'dark' | 'system' } | { language: 'en' | 'fr' }

/** Something that can be found. `id` stays the same from day to day; `others`: further texts that it is found by. */
export type Entry = { id: string; group: Group; label: string; detail: string; icon: IconName; type?: string; measure?: boolean; others: string[]; action: Action }

export type Sources = {
  tenant: string
  catalog: CatalogBody | undefined
  looks: readonly LookSummary[]
  dashboards: readonly DashboardSummary[]
  may: (scope: Scope) => boolean
  operator: boolean
  language: 'en' | 'fr'
  t: ReturnType<typeof useT>
}

/** All that the reader may open, except records. */
export function entriesOf(sources: Sources): Entry[] {
  const { may } = sources
  const reports = may('reports:read')
  return [
    ...actions(sources),
    ...(reports ? documents(sources) : []),
    ...objects(sources),
    ...(reports ? [...fields(sources), ...suggestions(sources)] : []),
  ]
}

const path = ({ tenant }: Sources, rest: string) => `/t/${encodeURIComponent(tenant)}/${rest}`

function actions(sources: Sources): Entry[] {
  const { t, may, operator, language } = sources
  const go = (id: string, label: MessageId, icon: IconName, rest: string): Entry => ({ id: `go:${id}`, group: 'actions', label: t(label), detail: '', icon, others: [], action: { to: path(sources, rest) } })
  const entries: (Entry | false)[] = [
    may('reports:read') && go('report', 'shell.palette.new', 'plus', 'reports'),
    may('reports:write') && go('dashboard', 'shell.palette.newDashboard', 'dashboard', 'dashboards/new'),
    may('schemas:write') && go('object', 'shell.palette.newObject', 'box', 'data/objects/new'),
    may('records:write') && go('import', 'shell.palette.import', 'upload', 'data/import'),
    may('reports:read') && go('looks', 'shell.looks', 'bar', 'looks'),
    may('reports:read') && go('dashboards', 'shell.dashboards', 'dashboard', 'dashboards'),
    may('schemas:read') && go('data', 'shell.data', 'table', 'data'),
    may('schemas:read') && go('integrations', 'shell.palette.integrations', 'link', 'data/integrations'),
    may('schemas:read') && go('settings', 'shell.palette.settings', 'settings', 'data/settings'),
    operator && go('ops', 'shell.ops', 'bolt', 'ops'),
    ...(['light', 'dark', 'system'] as const).map((theme): Entry => ({
      id: `theme:${theme}`, group: 'actions', label: t('shell.palette.theme', { name: t(`shell.theme.${theme}`) }), detail: '', icon: theme === 'dark' ? 'moon' : 'sun', others: [], action: { theme },
    })),
    {
      id: 'language', group: 'actions', label: language === 'en' ? 'Passer en français' : 'Switch to English', detail: '', icon: 'globe',
      others: [t('shell.palette.language')], action: { language: language === 'en' ? 'fr' : 'en' },
    },
  ]
  return entries.filter((entry) => entry !== false)
}

function documents(sources: Sources): Entry[] {
  return [
    ...sources.looks.map((look): Entry => ({ id: `look:${look.id}`, group: 'looks', label: look.name, detail: objectLabel(sources, look.object), icon: CHART_TYPES.find((type) => type === look.chart_type) ?? 'bar', others: [look.description], action: { to: path(sources, `reports/${encodeURIComponent(look.id)}`) } })),
    ...sources.dashboards.map((dashboard): Entry => ({ id: `dashboard:${dashboard.id}`, group: 'dashboards', label: dashboard.name, detail: '', icon: 'dashboard', others: [dashboard.description], action: { to: path(sources, `dashboards/${encodeURIComponent(dashboard.id)}`) } })),
  ]
}

const objectLabel = ({ catalog }: Sources, object: string) => (catalog === undefined ? object : (indexOf(catalog).explores.get(object)?.label ?? object))

function objects(sources: Sources): Entry[] {
  const { catalog, may, t } = sources
  return (catalog?.explores ?? []).flatMap(({ object, label }): Entry[] => [
    ...(may('reports:read')
      ? [entryOfReport(sources, { id: `object:${object}`, group: 'objects', label, detail: t('shell.palette.new'), icon: objectIcon(object), others: [object] }, { object, measures: [`${object}.count`] }, { type: 'single' })]
      : []),
    ...(may('schemas:read')
      ? [{ id: `schema:${object}`, group: 'objects' as const, label, detail: t('shell.data'), icon: objectIcon(object), others: [object], action: { to: path(sources, `data/objects/${encodeURIComponent(object)}`) } }]
      : []),
  ])
}

function fields(sources: Sources): Entry[] {
  const { catalog } = sources
  if (catalog === undefined) return []
  const index = indexOf(catalog)
  return [...index.explores.values()].flatMap(({ object, label, dimensions, measures }) => [
    ...dimensions.flatMap(({ name }) => {
      const field = index.fields.get(name)
      if (field === undefined) return []
      const dated = field.granularities.length > 0
      return [entryOfReport(sources, { id: `field:${name}`, group: 'fields', label: field.label, detail: label, icon: 'text', type: field.type, others: [name, label] }, { object, dimensions: [dimensionFor(field)], measures: [`${object}.count`] }, { type: dated ? 'line' : 'bar' })]
    }),
    ...measures
      .filter(({ built_in }) => built_in !== true)
      .map((measure) => entryOfReport(sources, { id: `measure:${measure.name}`, group: 'fields', label: measure.label, detail: label, icon: 'number', type: measure.type, measure: true, others: [measure.name, label] }, { object, measures: [measure.name] }, { type: 'single' })),
  ])
}

function suggestions(sources: Sources): Entry[] {
  const { catalog, t } = sources
  return (catalog?.explores ?? []).flatMap((explore) =>
    suggestReports(explore, catalog).map(({ title, report, chart }) =>
      entryOfReport(sources, { id: `suggestion:${title.id}:${explore.object}`, group: 'suggestions', label: t(title.id, title.values), detail: '', icon: 'line', others: [] }, report, chart),
    ),
  )
}

function entryOfReport({ tenant }: Sources, entry: Omit<Entry, 'action'>, report: Report, chart: ChartOptions): Entry {
  return { ...entry, action: { to: reportPath(tenant, { report, chart }) } }
}

const MOST_RECORDS = 5

/** Where a record with this id may be found; nothing for what looks like no id. */
export function recordEntries(sources: Sources, search: string): Entry[] {
  const { catalog, may, t } = sources
  const id = search.trim()
  if (id === '' || id.length > 200 || (/\s/.test(id) && !/\d/.test(id)) || !(may('records:read') || may('ops'))) return []
  return (catalog?.explores ?? []).slice(0, MOST_RECORDS).map(({ object, label }): Entry => ({
    id: `record:${object}:${id}`, group: 'records', label: t('shell.palette.record', { id, object: label }), detail: '', icon: 'search', others: [],
    action: { to: path(sources, `data/records?object=${encodeURIComponent(object)}&id=${encodeURIComponent(id)}`) },
  }))
}
