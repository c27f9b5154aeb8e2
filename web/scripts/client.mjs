// Writes src/api/{schema,snapshot,query} from the OpenAPI documents of the three services. With --check it writes
// nothing and fails when the committed client is not what the documents say.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = dirname(dirname(fileURLToPath(import.meta.url)))
const documents = join(web, '..', 'docs', 'reference', 'openapi')
const check = process.argv.includes('--check')
const target = check ? mkdtempSync(join(tmpdir(), 'crosslook-client-')) : join(web, 'src', 'api')
const stale = []

function files(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    return entry.isDirectory() ? files(folder, path) : [path]
  })
}

try {
  for (const service of ['schema', 'snapshot', 'query']) {
    const written = join(target, service)
    execFileSync(
      join(web, 'node_modules', '.bin', 'openapi-ts'),
      ['-i', join(documents, `${service}_service.json`), '-o', written, '-s', '--no-log-file',
        '-p', '@hey-api/typescript', '@hey-api/sdk', '-c', '@hey-api/client-fetch'],
      { cwd: web, stdio: ['ignore', 'ignore', 'inherit'] },
    )
    if (!check) continue
    const committed = join(web, 'src', 'api', service)
    const names = new Set([...files(written), ...(existsSync(committed) ? files(committed) : [])])
    for (const name of names) {
      const [now, then] = [join(written, name), join(committed, name)]
      if (!existsSync(now) || !existsSync(then) || !readFileSync(now).equals(readFileSync(then))) stale.push(join(service, name))
    }
  }
} finally {
  if (check) rmSync(target, { recursive: true, force: true })
}
if (stale.length > 0) {
  console.error(`The client in web/src/api is stale (${stale.join(', ')}): run make client`)
  process.exit(1)
}
