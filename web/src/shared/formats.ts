import { useMemo } from 'react'
import { useIntl } from 'react-intl'

/** A value of a report's cell, as the API answers it. */
export type Cell = string | number | boolean | null | string[]

/** How the values of a column are shown. */
export type Shape = { type: string; granularity?: string | null; scale?: number | null; currency?: string | null }

export const EMPTY = '∅'
const DAY_MS = 86_400_000

/** Formats of one locale. `zone`: the IANA zone in which instants are shown. */
export class Formats {
  readonly locale: string
  readonly yes: string
  readonly no: string
  private readonly kept = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>()

  constructor(locale: string, yes: string, no: string) {
    this.locale = locale
    this.yes = yes
    this.no = no
  }

  /** A number with thousands separators; `scale` fixes its decimals. */
  number(value: number, scale?: number | null): string {
    const digits = scale ?? null
    return this.numbers(
      digits === null ? { maximumFractionDigits: 4 } : { minimumFractionDigits: digits, maximumFractionDigits: digits },
    ).format(value)
  }

  /** A short number: 1.8K, 2.4M. `most`: its decimals at most. */
  compact(value: number, most = 1): string {
    return this.numbers({ notation: 'compact', maximumFractionDigits: most }).format(value)
  }

  /** A share of one, with one decimal unless told. */
  percent(share: number, digits = 1): string {
    return this.numbers({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share)
  }

  /** An amount in its own currency; `text` is the exact decimal. */
  currency(text: string | number, currency: string | null | undefined): string {
    // As a string, Intl formats every digit; TypeScript's library knows only numbers.
    const exact = text as number
    if (currency == null) return this.numbers({ minimumFractionDigits: 2, maximumFractionDigits: 4 }).format(exact)
    try {
      return this.numbers({ style: 'currency', currency }).format(exact)
    } catch {
      return `${this.numbers({ minimumFractionDigits: 2 }).format(exact)} ${currency}`
    }
  }

  /** An ISO date, which has no zone and never shifts. */
  date(iso: string, style: 'long' | 'short' = 'long'): string {
    const year = style === 'long' ? { year: 'numeric' as const } : {}
    return this.dates({ day: 'numeric', month: 'short', ...year, timeZone: 'UTC' }).format(new Date(`${iso.slice(0, 10)}T00:00:00Z`))
  }

  /** An instant in a zone, with the zone's abbreviation: 29 Nov 2026, 05:30 CST. */
  instant(iso: string, zone: string, options: { year?: boolean; zoneName?: boolean; seconds?: boolean } = {}): string {
    const { year = true, zoneName = true, seconds = false } = options
    const at = new Date(iso)
    const date = this.dates({ day: 'numeric', month: 'short', ...(year ? { year: 'numeric' } : {}), timeZone: zone }).format(at)
    const time = this.dates({
      hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}), hourCycle: 'h23', timeZone: zone,
    }).format(at)
    return `${date}, ${time}${zoneName ? ` ${this.zoneName(iso, zone)}` : ''}`
  }

  /** The time of day of an instant in a zone: 05:30:15 CST. */
  clock(iso: string, zone: string, options: { zoneName?: boolean } = {}): string {
    const time = this.dates({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: zone }).format(new Date(iso))
    return (options.zoneName ?? true) ? `${time} ${this.zoneName(iso, zone)}` : time
  }

  /** The zone's abbreviation at an instant: CST, UTC−6. */
  zoneName(iso: string, zone: string): string {
    const parts = this.dates({ timeZoneName: 'short', timeZone: zone }).formatToParts(new Date(iso))
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone
  }

  /** The zone's offset at an instant: GMT-6. */
  offset(iso: string, zone: string): string {
    const parts = this.dates({ timeZoneName: 'shortOffset', timeZone: zone }).formatToParts(new Date(iso))
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
  }

  /** How far an instant is from now: in 14 hours, 3 days ago. */
  relative(iso: string, now = Date.now()): string {
    const ms = new Date(iso).getTime() - now
    const relative = new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' })
    const minutes = Math.round(ms / 60_000)
    if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute')
    if (Math.abs(ms) < 2 * DAY_MS) return relative.format(Math.round(minutes / 60), 'hour')
    return relative.format(Math.round(ms / DAY_MS), 'day')
  }

  /** A length of time: 11 min 12 s. */
  duration(seconds: number): string {
    if (seconds < 10) return `${this.number(Math.round(seconds * 10) / 10)} s`
    const whole = Math.round(seconds)
    const [hours, minutes, left] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
    if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`
    return minutes > 0 ? `${minutes} min ${String(left).padStart(2, '0')} s` : `${left} s`
  }

  /** The value of a cell as its column says. */
  cell(value: Cell | undefined, shape: Shape, style: 'long' | 'short' = 'long'): string {
    if (value === null || value === undefined || value === '') return EMPTY
    if (typeof value === 'boolean') return value ? this.yes : this.no
    if (Array.isArray(value)) return value.length === 0 ? EMPTY : value.join('; ')
    if (shape.granularity != null) return this.period(value, shape.granularity, style)
    if (shape.type === 'currency') return this.currency(value, shape.currency)
    if (typeof value === 'number') return this.number(value, shape.scale)
    if (shape.type === 'date') return this.date(value, style)
    if (shape.type === 'datetime') return this.local(value)
    return value
  }

  /** A period's first day or part of a clock, as its granularity says. */
  period(value: string | number, granularity: string, style: 'long' | 'short' = 'long'): string {
    const utc = (options: Intl.DateTimeFormatOptions) => this.dates({ ...options, timeZone: 'UTC' })
    const day = typeof value === 'string' ? new Date(`${value.slice(0, 10)}T00:00:00Z`) : new Date(0)
    switch (granularity) {
      case 'hour':
        return this.local(String(value))
      case 'month':
        return utc({ month: 'short', year: 'numeric' }).format(day)
      case 'quarter':
        return `${this.locale.startsWith('fr') ? 'T' : 'Q'}${Math.floor(day.getUTCMonth() / 3) + 1} ${day.getUTCFullYear()}`
      case 'year':
        return String(day.getUTCFullYear())
      case 'hour_of_day':
        return `${String(value).padStart(2, '0')}:00`
      case 'month_of_year':
        return utc({ month: 'long' }).format(new Date(Date.UTC(2001, Number(value) - 1, 1)))
      case 'day_of_week':
        return String(value)
      default:
        return this.date(String(value), style)
    }
  }

  /** A day of the week by its number, 1 = the day on which weeks begin. */
  weekday(value: number, weekStart: string): string {
    const first = { monday: 1, saturday: 6, sunday: 7 }[weekStart] ?? 1
    // 2001-01-01 is a Monday.
    const at = new Date(Date.UTC(2001, 0, first + value - 1))
    return this.dates({ weekday: 'long', timeZone: 'UTC' }).format(at)
  }

  /** An instant that carries its offset, on the clock of that offset. */
  private local(iso: string): string {
    const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(iso)
    return match === null ? iso : `${this.date(match[1] ?? iso)}, ${match[2]}`
  }

  private numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    return this.keep(`n${JSON.stringify(options)}`, () => new Intl.NumberFormat(this.locale, options)) as Intl.NumberFormat
  }

  private dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    // Two-digit days and 24 hours in English too: readers of one account live in many countries.
    const locale = this.locale === 'en' ? 'en-GB' : this.locale
    const names = options.timeZoneName === undefined ? locale : this.locale === 'en' ? 'en-US' : locale
    return this.keep(`d${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(names, options)) as Intl.DateTimeFormat
  }

  private keep<T extends Intl.DateTimeFormat | Intl.NumberFormat>(key: string, make: () => T): T {
    const found = this.kept.get(key) as T | undefined
    if (found !== undefined) return found
    const made = make()
    this.kept.set(key, made)
    return made
  }
}

/** The formats of the reader's language. */
export function useFormats(): Formats {
  const intl = useIntl()
  return useMemo(
    () => new Formats(intl.locale, intl.formatMessage({ id: 'common.yes' }), intl.formatMessage({ id: 'common.no' })),
    [intl],
  )
}
