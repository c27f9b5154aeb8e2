import type { CatalogBody } from '../../api/query'
import { indexOf, type FieldInfo } from '../../report/fields'
import type { Report } from '../../report/types'
import { nameOf, tokensOf, type Token } from './expression'

const TEXTS = ['concat', 'lower']
const COMPARISONS = ['=', '==', '<>', '!=', '≠', '<', '<=', '≤', '>', '>=', '≥', 'and', 'or', 'not']

/** The formulas of a report as fields to filter by. A text is typed: there is no list of a formula's values to choose from. */
export function formulasAsFields(report: Report, catalog: CatalogBody): FieldInfo[] {
  const filteredAs = (type: string) => (type === 'text' || type === 'dropdown' ? 'textarea' : type)
  return (report.formulas ?? []).map(({ name }) => ({
    name, object: report.object, label: name, type: filteredAs(typeOfName(name, report, catalog)),
    options: [], granularities: [], scale: null, currency: null, description: null, builtIn: false,
  }))
}

/** The type of a field, or of a formula by what it is made of: the service checks it, this chooses the operators. */
function typeOfName(name: string, report: Report, catalog: CatalogBody): string {
  const field = indexOf(catalog).fields.get(name)
  if (field !== undefined) return field.type
  const place = report.formulas?.findIndex((formula) => formula.name === name) ?? -1
  // A formula may use earlier ones only, so this comes to an end.
  const earlier = { ...report, formulas: report.formulas?.slice(0, place) }
  return place < 0 ? 'number' : typeOfTokens(tokensOf(report.formulas?.[place]?.expression ?? ''), (found) => typeOfName(found, earlier, catalog))
}

function typeOfTokens(tokens: Token[], typeOf: (name: string) => string): string {
  const [first, second] = tokens
  if (first === undefined) return 'number'
  if (tokens.length === 1) {
    const name = nameOf(first, undefined)
    return name !== null ? typeOf(name) : first.kind === 'text' ? 'text' : ['true', 'false'].includes(first.text.toLowerCase()) ? 'boolean' : 'number'
  }
  const called = second?.text === '(' && first.kind === 'word' && parts(tokens.slice(1)) === null ? first.text.toLowerCase() : null
  if (called !== null) {
    const values = (parts(tokens.slice(2, -1)) ?? []).slice(called === 'if' ? 1 : 0)
    if (TEXTS.includes(called)) return 'text'
    // null goes with every type, so the first value that has one decides.
    return called === 'if' || called === 'coalesce' ? typeOfTokens(values.find((value) => value[0]?.text.toLowerCase() !== 'null') ?? [], typeOf) : 'number'
  }
  if (first.text === '(' && parts(tokens) === null) return typeOfTokens(tokens.slice(1, -1), typeOf)
  return outside(tokens).some(({ text }) => COMPARISONS.includes(text.toLowerCase())) ? 'boolean' : 'number'
}

/** What stands outside of parentheses. */
function outside(tokens: Token[]): Token[] {
  let depth = 0
  return tokens.filter(({ text }) => {
    if (text === ')') depth -= 1
    const here = depth === 0 && text !== ')'
    if (text === '(') depth += 1
    return here
  })
}

/** The arguments between commas; null for one pair of parentheses around everything. */
function parts(tokens: Token[]): Token[][] | null {
  const open = outside(tokens)
  if (open.length === 1 && open[0] === tokens[0] && open[0]?.text === '(') return null
  const found: Token[][] = [[]]
  for (const token of tokens) {
    if (token.text === ',' && open.includes(token)) found.push([])
    else found.at(-1)?.push(token)
  }
  return found
}
