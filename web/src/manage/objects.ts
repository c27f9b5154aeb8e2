import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from '../api/call'
import { runQuery } from '../api/query'
import { listSchemas, type SchemaBody } from '../api/schema'
import { useLanguage } from '../i18n/LanguageProvider'
import { useTenant } from '../session/SessionProvider'
import { useCatalog, type Catalog } from '../shared/catalog'
import { finds } from '../shared/slug'
import { isCounted } from './inReports'

/** The address of an object in Manage data. One that is called `new` is told from the form for a new object. */
export const objectPath = (tenant: string, object: string): string =>
  `/t/${encodeURIComponent(tenant)}/data/objects/${object}${object === 'new' ? '?existing' : ''}`

/** All objects of the tenant, also those on their way out. */
export function useObjects() {
  const { tenant } = useTenant()
  const { language } = useLanguage()
  return useQuery({
    queryKey: ['schemas', tenant, language],
    queryFn: async ({ signal }) => {
      const items: SchemaBody[] = []
      let token: string | null = null
      do {
        const page: { items: SchemaBody[]; next_page_token: string | null } = await call(
          listSchemas({ path: { tenant }, query: { page_size: 500, page_token: token }, signal }),
        )
        items.push(...page.items)
        token = page.next_page_token
      } while (token !== null)
      return items
    },
  })
}

/** What people call an object. Of a deleted one, only reports still know the name. */
export function nameOf(schema: SchemaBody, catalog: Catalog | undefined, number: 'singular' | 'plural' = 'singular'): string {
  const label = schema.labels?.[number]
  if (label) return label
  return catalog?.pending.find((each) => each.object === schema.object)?.label
    ?? catalog?.explores.find((each) => each.object === schema.object)?.label
    ?? schema.object
}

/** The objects that a search means: by names, API names and descriptions of themselves and their fields. */
export function searched(objects: readonly SchemaBody[], search: string, catalog: Catalog | undefined): SchemaBody[] {
  if (search.trim() === '') return [...objects]
  return objects.filter((object) => finds(search, [
    nameOf(object, catalog), nameOf(object, catalog, 'plural'), object.object, object.description ?? '',
    ...(object.fields ?? []).flatMap((field) => [field.label ?? '', field.slug, field.description ?? '']),
    ...(object.relationships ?? []).flatMap((part) => [part.label ?? '', part.slug]),
  ]))
}

/** How many records of each object the current snapshot has; undefined while that is not known, null where it never is. */
export function useRecordCounts(objects: readonly SchemaBody[]): Map<string, number | null | undefined> {
  const { tenant, may } = useTenant()
  const catalog = useCatalog()
  const snapshot = catalog.data?.snapshot?.id
  const counted = useMemo(() => {
    const explores = new Set(catalog.data?.explores.map((explore) => explore.object))
    return objects.filter((object) => isCounted(object.in_reports) && explores.has(object.object)).map((object) => object.object)
  }, [objects, catalog.data])
  const answers = useQueries({
    queries: counted.map((object) => ({
      queryKey: ['count', tenant, snapshot, object],
      enabled: snapshot !== undefined && may('reports:read'),
      staleTime: Infinity,
      retry: false,
      queryFn: ({ signal }: { signal: AbortSignal }) => inTurn(async () => {
        const answer = await call(runQuery({ path: { tenant }, body: { object, measures: [`${object}.count`], snapshot: snapshot ?? 'current' }, signal }))
        const value = 'rows' in answer ? answer.rows[0]?.[0] : null
        return typeof value === 'number' ? value : null
      }),
    })),
  })
  const known = new Map<string, number | null | undefined>(objects.map((object) => [object.object, null]))
  counted.forEach((object, index) => known.set(object, answers[index]?.isError ? null : answers[index]?.data))
  return known
}

const AT_ONCE = 3
let running = 0
const queue: (() => void)[] = []

/** Few counts at a time, so that they keep nobody's reports waiting. */
async function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve))
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    queue.shift()?.()
  }
}
