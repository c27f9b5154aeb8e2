import { describe, expect, it } from 'vitest'
import { finds, fold, freeSlug, SLUG, slugify } from './slug'

describe('slugify', () => {
  it.each([
    ['Store visit', 'store_visit'],
    ['Montant réglé (€)', 'montant_regle'],
    ['Œuvre d’art', 'oeuvre_d_art'],
    ['Straße', 'strasse'],
    ['2024 orders', 'orders'],
    ['__x__', 'x'],
    ['日本', ''],
  ])('%s becomes %s', (label, slug) => expect(slugify(label)).toBe(slug))

  it('is a name that the service takes, however long the label is', () => {
    expect(slugify(`${'a '.repeat(80)}`)).toMatch(SLUG)
    expect(slugify(`${'a'.repeat(62)} b`)).toMatch(/[a-z]$/)
  })
})

it('finds a free name', () => {
  expect(freeSlug('status', new Set())).toBe('status')
  expect(freeSlug('status', new Set(['status', 'status_2']))).toBe('status_3')
  expect(freeSlug('x'.repeat(63), new Set(['x'.repeat(63)]))).toMatch(SLUG)
})

it('compares without case and accents', () => {
  expect(fold('Évènement')).toBe('evenement')
  expect(finds('VISITE mag', ['Visite', 'en magasin'])).toBe(true)
  expect(finds('visite ferme', ['Visite', 'en magasin'])).toBe(false)
})
