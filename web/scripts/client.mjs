// Writes src/api/{schema,snapshot,query} from the OpenAPI documents of the three services, and src/api/runtime, which
// they share. With --check it writes nothing and fails when the committed client is not what the documents say.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, existsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = dirname(dirname(fileURLToPath(import.meta.url)))
const documents = join(web, '..', 'docs', 'reference', 'openapi')
const check = process.argv.includes('--check')
const target = check ? mkdtempSync(join(tmpdir(), 'crosslook-client-')) : join(web, 'src', 'api')
const services = ['schema', 'snapshot', 'query']

function files(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    return entry.isDirectory() ? files(folder, path) : [path]
  })
}

/** Moves the code that the generator repeats for each service to one place. */
function shareRuntime() {
  rmSync(join(target, 'runtime'), { recursive: true, force: true })
  mkdirSync(join(target, 'runtime'))
  for (const part of ['client', 'core']) {
    renameSync(join(target, services[0], part), join(target, 'runtime', part))
    for (const service of services.slice(1)) rmSync(join(target, service, part), { recursive: true })
  }
  for (const service of services) {
    for (const name of ['client.gen.ts', 'sdk.gen.ts']) rewrite(join(target, service, name), (text) => text.replaceAll("from './client'", "from '../runtime/client'"))
  }
  // Its notes to its own authors and its advice for another framework are not ours.
  for (const name of files(join(target, 'runtime'))) {
    rewrite(join(target, 'runtime', name), (text) => text.replaceAll(/^ *\/\/ [A-Z]+: .*\n/gm, '').replaceAll(/^ *\*\n *\* Install \{@link .*\n/gm, ''))
  }
}

function rewrite(path, change) {
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}

/** Files that differ between what was written and what is committed. */
function differences() {
  return [...services, 'runtime'].flatMap((folder) => {
    const [written, committed] = [join(target, folder), join(web, 'src', 'api', folder)]
    const names = new Set([...files(written), ...(existsSync(committed) ? files(committed) : [])])
    return [...names].filter((name) => {
      const [now, then] = [join(written, name), join(committed, name)]
      return !existsSync(now) || !existsSync(then) || !readFileSync(now).equals(readFileSync(then))
    }).map((name) => join(folder, name))
  })
}

let stale = []
try {
  for (const service of services) {
    execFileSync(
      join(web, 'node_modules', '.bin', 'openapi-ts'),
      ['-i', join(documents, `${service}_service.json`), '-o', join(target, service), '-s', '--no-log-file',
        '-p', '@hey-api/typescript', '@hey-api/sdk', '-c', '@hey-api/client-fetch'],
      { cwd: web, stdio: ['ignore', 'ignore', 'inherit'] },
    )
  }
  shareRuntime()
  if (check) stale = differences()
} finally {
  if (check) rmSync(target, { recursive: true, force: true })
}
if (stale.length > 0) {
  console.error(`The client in web/src/api is stale (${stale.join(', ')}): run make client`)
  process.exit(1)
}
