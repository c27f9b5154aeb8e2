import type { MessageId } from '../../i18n'
import { freeName } from './naming'
import { written } from './expression'
import type { Named } from './completion'

/** A calculation that many reports want, ready to be used. */
export type Template = { id: MessageId; name: string; expression: string }

const NUMERIC = ['number', 'integer', 'currency']

/** The calculations that the columns allow; `names` are their names in the reader's language, `taken` those in use. */
export function templatesFor(columns: readonly Named[], names: (id: MessageId, values?: Record<string, string>) => string, taken: ReadonlySet<string>): Template[] {
  const figures = columns.filter((column) => column.kind === 'measure' && NUMERIC.includes(column.type) && !/[@|]/.test(column.name))
  const [first, second] = figures
  if (first === undefined) return []
  const name = written(first.name)
  const one = (id: MessageId, expression: string, title = names(id)): Template => ({ id, name: freeName(title, taken), expression })
  return [
    one('extras.template.share', `${name} / total(${name})`),
    one('extras.template.change', `${name} - previous(${name})`),
    one('extras.template.running', `running_total(${name})`),
    ...(second === undefined ? [] : [one('extras.template.ratio', `${name} / ${written(second.name)}`)]),
  ]
}
