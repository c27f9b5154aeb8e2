import type { FieldDef, SchemaBody } from '../api/schema'

const EXAMPLES: Record<FieldDef['type'], (field: FieldDef, now: Date) => unknown> = {
  text: (field) => (/mail/i.test(field.slug) ? 'ada@example.com' : `Test ${field.label ?? field.slug}`),
  textarea: () => 'Test',
  number: () => 1,
  currency: () => '12.50',
  date: (_, now) => now.toISOString().slice(0, 10),
  datetime: (_, now) => now.toISOString(),
  dropdown: (field) => field.options?.[0]?.value ?? null,
  multiselect: (field) => (field.options?.[0] === undefined ? [] : [field.options[0].value]),
  boolean: () => true,
}

const CONTACT_FIELDS: FieldDef[] = [
  { slug: 'email', type: 'text' }, { slug: 'first_name', label: 'Ada', type: 'text' }, { slug: 'country', type: 'text' }, { slug: 'created_at', type: 'datetime' },
]

/** An event that says something plausible about a record called `test-1`, as a sender would write it. Without a schema: a
 * contact. */
export function testEvent(tenant: string, schema: SchemaBody | null, now: Date, id: string): Record<string, unknown> {
  const fields = schema?.fields ?? CONTACT_FIELDS
  const values = Object.fromEntries(fields.map((field) => [field.slug, EXAMPLES[field.type](field, now)]).filter(([, value]) => value !== null))
  if (schema === null) values.country = 'FR'
  const links = (schema?.relationships ?? []).filter((relationship) => relationship.target === 'contact')
  return {
    specversion: '1.0', id, source: '/test', type: 'crosslook.record.upserted.v1', time: now.toISOString(),
    data: {
      tenant, object: schema?.object ?? 'contact', record: 'test-1', fields: values,
      ...(links.length === 0 ? {} : { relationships: Object.fromEntries(links.map((link) => [link.slug, [{ email: 'ada@example.com' }]])) }),
    },
  }
}

/** The call that sends events, for a terminal. A program calls schema_service itself, whose address the page does not know. */
export function sendCommand(tenant: string, event: unknown): string {
  return `curl -X POST "$SCHEMA_SERVICE/v1/tenants/${encodeURIComponent(tenant)}/events" \\\n  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\\n  -d '${JSON.stringify([event], null, 1).replaceAll("'", "'\\''")}'`
}
