import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CODES } from './reasons'

const ROOT = new URL('../../../', import.meta.url)
/** Where the services refuse events: admission, integrations, ingest. */
const FILES = ['admission', 'events', 'odd_json', 'values', 'references'].map((name) => `crosslook/contracts/${name}.py`)
const FOLDERS = ['crosslook/integrations', 'services/snapshot_service/domain', 'services/snapshot_service/ingest', 'services/snapshot_service/integrations']
/** These refuse options of integrations and calls of operators, not events. */
const OTHERS = /\/(?:definition|checks|diversions)\.py$/

const inside = (folder: string): string[] =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py')).map((name) => `${folder}/${name}`)

it('names every reason for which the services refuse an event', () => {
  const files = [...FILES, ...FOLDERS.flatMap(inside)].filter((path) => !OTHERS.test(path))
  const source = files.map((path) => readFileSync(new URL(path, ROOT), 'utf8')).join('\n')
  const refused = /(?:Problem|BadValue|_wrong|_refuse|unreadable)\(\s*(?:event,\s*)?"([a-z_]+)"|^DIVERTED = "([a-z_]+)"/gm
  const codes = new Set([...source.matchAll(refused)].map((found) => found[1] ?? found[2]))
  expect([...codes].filter((code) => !(CODES as readonly unknown[]).includes(code))).toEqual([])
  expect(codes.size).toBeGreaterThan(20)
})
