import { describe, expect, it } from 'vitest'
import type { ConnectionBody } from '../api/schema'
import type { HealthItem, IngestAnswer, PartitionAnswer, SnapshotAnswer } from '../api/snapshot'
import { sources, sourceState } from './health'
import { barLength, ingestState, partitionState, waitingEvents } from './lag'
import { read, typed } from './quotas'
import { failedStep, inParts } from './steps'

const partition = (lag: number, behind: number | null, end = 100): PartitionAnswer => ({ partition: 0, end_offset: end, staged_offset: end - lag, lag, seconds_behind: behind })
const ingest = (partitions: PartitionAnswer[], state: IngestAnswer['state'] = 'running') => ({ state, partitions }) as IngestAnswer

describe('lag', () => {
  it('is normal without lag, behind after a minute, and not known without a time', () => {
    expect(partitionState(partition(0, 0))).toBe('normal')
    expect(partitionState(partition(0, null))).toBe('normal')
    expect(partitionState(partition(9, 60))).toBe('normal')
    expect(partitionState(partition(9, 61))).toBe('behind')
    expect(partitionState(partition(9, null))).toBe('unknown')
  })

  it('says what stops ingest before what slows it', () => {
    expect(ingestState(ingest([partition(9, 90)]))).toBe('behind')
    expect(ingestState(ingest([partition(9, 90)], 'stopped'))).toBe('stopped')
    expect(ingestState(ingest([partition(0, 0)]))).toBe('running')
  })

  it('draws a bar for everything that waits', () => {
    expect(barLength(0, 0)).toBe(0)
    expect(barLength(1, 10_000)).toBe(2)
    expect(barLength(50, 50)).toBe(100)
  })

  it('counts what arrived since the snapshot, partition by partition', () => {
    const two = ingest([partition(0, 0, 100), { ...partition(0, 0, 40), partition: 1 }])
    expect(waitingEvents(two, { watermark: { 0: 90, 1: 40 } as Record<string, number> } as SnapshotAnswer)).toBe(10)
    expect(waitingEvents(two, { watermark: { 0: 120 } as Record<string, number> } as SnapshotAnswer)).toBe(40)
    expect(waitingEvents(two, undefined)).toBe(140)
  })
})

describe('steps', () => {
  const steps = (...names: string[]) => names.map((name) => ({ name, seconds: 2 }))

  it('adds the steps of a part up, in the order of the parts', () => {
    expect(inParts(steps('verify', 'freeze', 'wait', 'decide'))).toEqual([
      { part: 'wait', seconds: 4 }, { part: 'build', seconds: 2 }, { part: 'verify', seconds: 2 },
    ])
    expect(inParts(steps('polish'))).toEqual([{ part: 'other', seconds: 2 }])
  })

  it('finds the step that failed: the one after the last that was done', () => {
    expect(failedStep(steps('webhooks', 'freeze', 'wait', 'cut', 'decide', 'build'))).toBe('verify')
    expect(failedStep([])).toBe('webhooks')
    expect(failedStep(steps('publish'))).toBeNull()
    expect(failedStep(steps('polish'))).toBeNull()
  })
})

describe('health', () => {
  const item = (source: string, more: Partial<HealthItem> = {}): HealthItem =>
    ({ tenant: 'acme', source, last_event_at: '2026-12-01T00:00:00Z', staged_last_hour: 10, refused_last_hour: 0, refused_share: 0, webhooks: null, ...more })
  const connection = (name: string, health: Partial<ConnectionBody['health']> = {}) =>
    ({
      name, label: name, health: { last_event_at: null, last_refused_at: null, events_24h: 0, refused_24h: 0, bad_signatures_24h: 0, stale_signatures_24h: 0, warning: null, ...health },
    }) as ConnectionBody

  it('puts senders and connections together, and keeps those that only one side knows', () => {
    const rows = sources([item('/api'), item('/integrations/zendesk')], new Map([['acme', [connection('zendesk'), connection('calendly')]]]))
    expect(rows.map((row) => [row.source, row.item !== null, row.connection !== null])).toEqual([
      ['/api', true, false], ['/integrations/calendly', false, true], ['/integrations/zendesk', true, true],
    ])
  })

  it('says the worst that is known', () => {
    const state = (of: HealthItem | null, its: ConnectionBody | null) => sourceState({ tenant: 'acme', source: '', item: of, connection: its })
    expect(state(item('/api'), null)).toBe('normal')
    expect(state(item('/api', { refused_share: 0.2 }), null)).toBe('refusing')
    expect(state(item('/api'), connection('zendesk', { stale_signatures_24h: 1 }))).toBe('signatures')
    expect(state(item('/api', { refused_share: 1 }), connection('zendesk', { warning: { code: 'integration_silent', message: '' } }))).toBe('warning')
    expect(state(null, connection('zendesk'))).toBe('silent')
  })
})

describe('quotas', () => {
  it('sends only what was typed', () => {
    expect(read({ ...typed({}), objects: ' 1 000 ' })).toEqual({ quotas: { objects: 1000 }, wrong: [] })
  })

  it('finds what is not a whole number', () => {
    expect(read({ ...typed({}), objects: '-1', exports: '1.5', reports: '0' })).toEqual({ quotas: { reports: 0 }, wrong: ['objects', 'exports'] })
  })

  it('gives back what a tenant has', () => {
    expect(read(typed({ objects: 5, exports: null }))).toEqual({ quotas: { objects: 5 }, wrong: [] })
  })
})
