// The page's own texts by id, so that a scenario reads the page in any language.
import { readdirSync, readFileSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { IntlMessageFormat } from 'intl-messageformat'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'i18n')

/** `t(id, values)` in a language: what the page shows for the id. */
export function texts(language) {
  const messages = {}
  for (const name of readdirSync(join(folder, language))) {
    const source = readFileSync(join(folder, language, name), 'utf8')
    // Those that gather others have no texts of their own.
    if (/^import \{/m.test(source)) continue
    const literal = source.slice(source.indexOf('= {') + 2).replace(/ as const\s*$/, '')
    Object.assign(messages, new Function(`return (${literal})`)())
  }
  return (id, values = {}) => {
    if (!(id in messages)) throw new Error(`There is no text ${id} in ${language}`)
    return String(new IntlMessageFormat(messages[id], language).format({ b: (chunks) => chunks.join(''), ...values }))
  }
}
