import { createContext, use } from 'react'
import type { Cell } from '../shared/formats'

/** The palette's tokens for values. c7 is reserved for totals and single series, so no value's colour means "all". */
export const VALUE_TOKENS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c8'] as const
export const TOTAL_TOKEN = 'c7'
/** Records without a value stand out by being grey. */
export const EMPTY_TOKEN = 'control'

export type ColourToken = (typeof VALUE_TOKENS)[number] | typeof TOTAL_TOKEN | typeof EMPTY_TOKEN

/** Knows which value of which field has which colour, so that it is the same in all charts that share it. */
export class Colours {
  private readonly fields = new Map<string, Map<string, number>>()

  /** The colour of a value: by its place among the field's options, else the next free one. */
  of(field: string, value: Cell, options: Map<string, string> | null): ColourToken {
    if (value === null || value === '') return EMPTY_TOKEN
    const key = String(value)
    const place = options === null ? -1 : [...options.keys()].indexOf(key)
    return tokenAt(place >= 0 ? place : (options?.size ?? 0) + this.met(field, key))
  }

  private met(field: string, key: string): number {
    const values = this.fields.get(field) ?? new Map<string, number>()
    this.fields.set(field, values)
    const known = values.get(key)
    if (known !== undefined) return known
    values.set(key, values.size)
    return values.size - 1
  }
}

const tokenAt = (place: number): ColourToken => VALUE_TOKENS[place % VALUE_TOKENS.length] ?? 'c1'

/** The colour of the n-th of several measures; one alone has the colour of totals. */
export const measureToken = (place: number, count: number): ColourToken => (count === 1 ? TOTAL_TOKEN : tokenAt(place))

/** A dashboard gives its tiles one `Colours`; elsewhere the page has one. */
export const ColoursContext = createContext(new Colours())

export const useColours = (): Colours => use(ColoursContext)
