/** Reads the beginning of delimited text as the import does, for preview and mapping only: the service reads the file. */

const DELIMITERS = [',', ';', '\t'] as const
export type Delimiter = (typeof DELIMITERS)[number]

/** Of comma, semicolon and tab, the one that occurs most often in the first line outside quotes; comma if none does. */
export function delimiterOf(header: string): Delimiter {
  const outside = header.split('"').filter((_, index) => index % 2 === 0).join('')
  let best: Delimiter = ','
  let most = 0
  for (const delimiter of DELIMITERS) {
    const count = outside.split(delimiter).length - 1
    if (count > most) [best, most] = [delimiter, count]
  }
  return best
}

/** What ends a line: a line feed, or a lone carriage return in files that have no line feed at all. */
export const lineEndOf = (text: string): '\n' | '\r' => (text.includes('\r') && !text.includes('\n') ? '\r' : '\n')

/** The rows of a text (RFC 4180), at most `most`. Empty lines are no rows. `whole`: the text is the end of the file, too;
 * otherwise its last row may be cut off and is left out. */
export function parseDelimited(text: string, delimiter: Delimiter, whole: boolean, most = Infinity): string[][] {
  const end = lineEndOf(text)
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length && rows.length < most) {
    const cell = text[at] === '"' ? quotedCell(text, at, delimiter, end) : plainCell(text, at, delimiter, end)
    row.push(cell.value)
    at = cell.next + 1
    if (cell.ends === 'cell') continue
    if (cell.ends === 'row' || whole) keep(rows, row)
    row = []
  }
  if (row.length > 0 && whole && rows.length < most) keep(rows, [...row, ''])
  return rows
}

type Read = { value: string; next: number; ends: 'cell' | 'row' | 'text' }

function keep(rows: string[][], row: string[]): void {
  if (row.length > 1 || row[0] !== '') rows.push(row)
}

function plainCell(text: string, start: number, delimiter: string, end: string): Read {
  let next = start
  while (next < text.length && text[next] !== delimiter && text[next] !== end) next += 1
  const ends = next >= text.length ? 'text' : text[next] === delimiter ? 'cell' : 'row'
  const value = text.slice(start, next)
  return { value: ends === 'cell' || end === '\r' ? value : value.replace(/\r$/, ''), next, ends }
}

function quotedCell(text: string, start: number, delimiter: string, end: string): Read {
  let value = ''
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return { value: value + text.slice(at), next: text.length, ends: 'text' }
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') {
      const rest = plainCell(text, quote + 1, delimiter, end)
      return { ...rest, value: value + rest.value }
    }
    value += '"'
    at = quote + 2
  }
}
