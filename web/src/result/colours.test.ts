import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Colours, VALUE_TOKENS } from './colours'

const options = new Map([['email', 'Email'], ['web', 'Web'], ['chat', 'Chat']])

describe('colours of values', () => {
  it('follow the order of options, whatever comes first', () => {
    const [one, other] = [new Colours(), new Colours()]
    expect(['chat', 'email'].map((value) => one.of('f', value, options))).toEqual(['c3', 'c1'])
    expect(['email', 'chat'].map((value) => other.of('f', value, options))).toEqual(['c1', 'c3'])
  })

  it('stay with a value once it was met, and start anew for each field', () => {
    const colours = new Colours()
    expect(['FR', 'DE', 'FR', 'ES', 'DE'].map((value) => colours.of('country', value, null))).toEqual(['c1', 'c2', 'c1', 'c3', 'c2'])
    expect(colours.of('city', 'Paris', null)).toBe('c1')
  })

  it('never give a value the colour of totals, and leave the empty grey', () => {
    const colours = new Colours()
    const given = Array.from({ length: 20 }, (_, at) => colours.of('f', `v${at}`, null))
    expect(given).not.toContain('c7')
    expect(new Set(given).size).toBe(VALUE_TOKENS.length)
    expect(colours.of('f', null, null)).toBe('control')
  })
})

const css = readFileSync('src/styles/tokens.css', 'utf8')
const dark = css.slice(css.indexOf('[data-theme=dark]'))
const token = (name: string, text: string): string => new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(text)?.[1] ?? token(name, css)

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

describe('the palette', () => {
  it.each([['light', css.slice(0, css.indexOf('[data-theme=dark]'))], ['dark', dark]])('stands out by 3:1 on the surface in %s', (_, theme) => {
    for (const name of ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'control']) {
      expect(contrast(token(name, theme), token('surface', theme)), name).toBeGreaterThanOrEqual(3)
    }
  })

  it.each([['light', css.slice(0, css.indexOf('[data-theme=dark]'))], ['dark', dark]])('has text of 4.5:1 in %s', (_, theme) => {
    for (const name of ['text', 'text-2', 'text-3']) expect(contrast(token(name, theme), token('surface', theme)), name).toBeGreaterThanOrEqual(4.5)
  })
})
