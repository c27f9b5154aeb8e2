/** Places in a JSON text: errors of the service name them by pointer, an editor by line. */

export type JsonPlace = { line: number; column: number }

/** Where in a valid JSON text the value of a pointer begins; the nearest parent that exists, if it does not. */
export function placeOf(text: string, pointer: string): JsonPlace {
  const parts = pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const reader = new Reader(text)
  let found = reader.at
  for (const part of parts) {
    const next = reader.enter(part)
    if (next === null) break
    found = next
  }
  return lineOf(text, found)
}

/** The line and column of a position, both from 1. */
export function lineOf(text: string, position: number): JsonPlace {
  const before = text.slice(0, position)
  return { line: before.split('\n').length, column: position - before.lastIndexOf('\n') }
}

/** Why a text is not JSON, by line; null if it is. Browsers say the position in different words, some not at all. */
export function jsonProblem(text: string): JsonPlace | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? []
    if (line !== undefined && column !== undefined) return { line: Number(line), column: Number(column) }
    const [, position] = /position (\d+)/.exec(message) ?? []
    return lineOf(text, position === undefined ? text.length : Number(position))
  }
}

/** Walks through a valid JSON text. */
class Reader {
  at: number
  private readonly text: string

  constructor(text: string) {
    this.text = text
    this.at = this.skip(0)
  }

  /** The position of a member or item of the value here, which becomes the value here; null if it has none. */
  enter(part: string): number | null {
    const open = this.text[this.at]
    if (open !== '{' && open !== '[') return null
    let position = this.skip(this.at + 1)
    for (let index = 0; position < this.text.length && this.text[position] !== '}' && this.text[position] !== ']'; index += 1) {
      let name = String(index)
      if (open === '{') {
        const end = this.endOf(position)
        name = JSON.parse(this.text.slice(position, end)) as string
        position = this.skip(this.skip(end) + 1)
      }
      if (name === part) {
        this.at = position
        return position
      }
      position = this.skip(this.endOf(position))
      if (this.text[position] === ',') position = this.skip(position + 1)
    }
    return null
  }

  private skip(position: number): number {
    let next = position
    while (/\s/.test(this.text[next] ?? '')) next += 1
    return next
  }

  /** Where the value that begins here ends. */
  private endOf(start: number): number {
    if (this.text[start] === '"') return this.endOfText(start)
    if (this.text[start] !== '{' && this.text[start] !== '[') {
      let end = start
      while (end < this.text.length && !/[\s,\]}]/.test(this.text[end] ?? '')) end += 1
      return end
    }
    let depth = 0
    for (let position = start; position < this.text.length; position += 1) {
      const sign = this.text[position]
      if (sign === '"') position = this.endOfText(position) - 1
      else if (sign === '{' || sign === '[') depth += 1
      else if (sign === '}' || sign === ']') {
        depth -= 1
        if (depth === 0) return position + 1
      }
    }
    return this.text.length
  }

  private endOfText(start: number): number {
    let position = start + 1
    while (position < this.text.length && this.text[position] !== '"') position += this.text[position] === '\\' ? 2 : 1
    return position + 1
  }
}
