/** What the page understands of a JSON Schema of options; anything else is edited as JSON. */
export type OptionSchema = {
  type?: string | string[]
  title?: string
  description?: string
  default?: unknown
  enum?: unknown[]
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  required?: string[]
  properties?: Record<string, OptionSchema>
  additionalProperties?: OptionSchema | boolean
  propertyNames?: OptionSchema
  items?: OptionSchema
  maxItems?: number
}

export type Options = Record<string, unknown>
export type Widget = 'switch' | 'choice' | 'text' | 'integer' | 'rows' | 'names' | 'group' | 'json'

/** How an option is edited. */
export function widgetOf(schema: OptionSchema): Widget {
  if (Array.isArray(schema.enum)) return 'choice'
  switch (schema.type) {
    case 'boolean':
      return 'switch'
    case 'string':
      return 'text'
    case 'integer':
    case 'number':
      return 'integer'
    case 'array':
      return schema.items?.type === 'object' && isFlat(schema.items) ? 'rows' : 'json'
    case 'object':
      if (typeof schema.additionalProperties === 'object') return schema.additionalProperties.type === 'string' && schema.properties === undefined ? 'names' : 'json'
      return schema.properties === undefined ? 'json' : 'group'
    default:
      return 'json'
  }
}

/** Whether all members are single values: rows of a table can show them. */
function isFlat(schema: OptionSchema): boolean {
  return Object.values(schema.properties ?? {}).every((property) => ['switch', 'choice', 'text', 'integer'].includes(widgetOf(property)))
}

/** Whether all options have fields of their own; otherwise the whole is one JSON text. */
export function isForm(schema: OptionSchema): boolean {
  return Object.values(schema.properties ?? {}).every((property) => widgetOf(property) === 'group' ? isForm(property) : widgetOf(property) !== 'json')
}

/** Options without members that say nothing: empty texts, lists and groups. */
export function tidy(options: Options): Options {
  const entries = Object.entries(options).map(([name, value]) => [name, isGroup(value) ? tidy(value) : value] as const)
  return Object.fromEntries(entries.filter(([, value]) => !isNothing(value)))
}

const isGroup = (value: unknown): value is Options => typeof value === 'object' && value !== null && !Array.isArray(value)

function isNothing(value: unknown): boolean {
  if (value === undefined || value === '') return true
  return Array.isArray(value) ? value.length === 0 : isGroup(value) && Object.keys(value).length === 0
}

/** A row of a list with every member, as its schema says. */
export function emptyRow(schema: OptionSchema): Options {
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, property.default ?? property.enum?.[0] ?? (property.type === 'boolean' ? false : '')]))
}

/** Options as they are edited: fields where the schema allows it, else JSON. */
export type OptionsDraft = { options: Options; text: string }

export const draftOf = (options: Options): OptionsDraft => ({ options, text: JSON.stringify(options, null, 2) })

/** The options of a draft; null while their JSON cannot be read. */
export function optionsOf(schema: OptionSchema, draft: OptionsDraft): Options | null {
  if (isForm(schema)) return draft.options
  try {
    const value: unknown = JSON.parse(draft.text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Options) : null
  } catch {
    return null
  }
}
