import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, it } from 'vitest'
import { en } from './en'
import { fr } from './fr'

/** A part of a parsed message: text and the number sign of a plural have nothing to fill in. */
type Part = { type: number; value?: string; options?: Record<string, { value: Part[] }>; children?: Part[] }
const FILLED_FROM = 1
const POUND = 7

/** The names of what a message is filled with. */
function placeholders(parts: Part[]): string[] {
  return parts.flatMap(({ type, value, options, children }): string[] => [
    ...(type >= FILLED_FROM && type !== POUND && value !== undefined ? [value] : []),
    ...Object.values(options ?? {}).flatMap((option) => placeholders(option.value)),
    ...placeholders(children ?? []),
  ])
}

const names = (text: string) => [...new Set(placeholders(new IntlMessageFormat(text, 'en').getAst() as Part[]))].sort()
const ids = Object.keys(en) as (keyof typeof en)[]

describe('the texts', () => {
  it('are the same in both languages, filled with the same', () => {
    expect(Object.keys(fr).sort()).toEqual([...ids].sort())
    expect(ids.filter((id) => names(en[id]).join() !== names(fr[id]).join())).toEqual([])
  })

  it('have the signs of their language', () => {
    // French: a curly apostrophe, a narrow no-break space before ; : ! ? and inside guillemets.
    expect(ids.filter((id) => /\p{L}'\p{L}/u.test(fr[id]))).toEqual([])
    expect(ids.filter((id) => /[ \u00a0][;:!?»](?:\s|$)|«[ \u00a0]/.test(fr[id]))).toEqual([])
    expect(ids.filter((id) => /\p{L}'\p{L}/u.test(en[id]))).toEqual([])
  })

  it('begin with the name of their area, and end without a blank', () => {
    expect(ids.filter((id) => !/^[a-z]+\.[\w.-]+$/i.test(id))).toEqual([])
    expect(ids.filter((id) => en[id].trim() !== en[id] || fr[id].trim() !== fr[id])).toEqual([])
  })
})
