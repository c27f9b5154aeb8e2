import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import { listSchemas, type SchemaBody } from '../api/schema'
import { useTenant } from '../session/SessionProvider'

/** The tenant's objects as they are defined now; contacts first, then by label. */
export function useObjects() {
  const { tenant } = useTenant()
  return useQuery({
    queryKey: ['schemas', tenant, 'all'],
    queryFn: ({ signal }) => call(listSchemas({ path: { tenant }, query: { page_size: 500 }, signal })),
    select: (page) => page.items.filter((schema) => schema.status === 'active').sort(byLabel),
  })
}

const labelIn = (schema: SchemaBody) => schema.labels?.plural ?? schema.object

function byLabel(a: SchemaBody, b: SchemaBody): number {
  const contact = Number(b.object === 'contact') - Number(a.object === 'contact')
  return contact === 0 ? labelIn(a).localeCompare(labelIn(b)) : contact
}

/** What people call an object: one of its records. */
export function singularOf(objects: readonly SchemaBody[] | undefined, slug: string): string {
  return objects?.find((schema) => schema.object === slug)?.labels?.singular ?? slug
}
