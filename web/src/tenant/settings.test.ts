import { describe, expect, it } from 'vitest'
import { Formats } from '../shared/formats'
import { bodyOf, formOf, zoneChoices, zoneProblem } from './settings'

it('sends null where the deployment is followed', () => {
  expect(bodyOf(formOf({}))).toEqual({ timezone: null, week_start: null, language: null })
  const own = { timezone: 'Europe/Paris', week_start: 'sunday', language: 'fr' } as const
  expect(bodyOf(formOf(own))).toEqual(own)
  expect(bodyOf({ ...formOf(own), ownZone: false }).timezone).toBeNull()
})

describe('zoneProblem', () => {
  const form = formOf({ timezone: 'UTC' })
  it('refuses only what is no zone', () => {
    expect(zoneProblem(form)).toBeNull()
    expect(zoneProblem({ ...form, timezone: ' ' })).toBe('missing')
    expect(zoneProblem({ ...form, timezone: 'Europe/Nowhere' })).toBe('unknown')
    expect(zoneProblem({ ...form, timezone: '+02:00' })).toBe('unknown')
    expect(zoneProblem({ ...form, ownZone: false, timezone: 'nonsense' })).toBeNull()
  })
})

it('offers every zone once, UTC among them, with its offset', () => {
  const choices = zoneChoices(new Formats('en', 'Yes', 'No'), '2026-12-01T12:00:00Z')
  expect(choices.filter(({ value }) => value === 'UTC')).toHaveLength(1)
  expect(choices.find(({ value }) => value === 'America/Chicago')?.name).toBe('GMT-6')
})
