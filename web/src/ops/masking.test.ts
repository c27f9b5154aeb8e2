import { describe, expect, it } from 'vitest'
import { byteLength, maskPersonal, messageLines, sample } from './masking'

const message = JSON.stringify({
  id: 'e-1',
  data: { object: 'ticket', fields: { status: 'whatsapp', phone: '+33 6 12 34 56 78', score: 7, open: true, note: null }, relationships: { requester: [{ email: 'ana@example.com' }] } },
})

const text = (pointer: string, shown: boolean) =>
  messageLines(message, pointer, shown)?.map((line) => ' '.repeat(line.indent) + line.text).join('\n') ?? ''

describe('messageLines', () => {
  it('hides every text and number until they are asked for', () => {
    const masked = text('', false)
    for (const value of ['whatsapp', '+33', 'ana', 'example.com', 'ticket', 'e-1', '7']) expect(masked).not.toContain(value)
    expect(masked).toContain('"email": "•••@•••"')
    expect(masked).toContain('"open": true')
    expect(masked).toContain('"note": null')
  })

  it('shows the message as it was sent when asked', () => {
    expect(JSON.parse(text('', true))).toEqual(JSON.parse(message))
  })

  it('stays JSON when masked', () => {
    expect(Object.keys((JSON.parse(text('', false)) as { data: { fields: object } }).data.fields)).toEqual(['status', 'phone', 'score', 'open', 'note'])
  })

  it('marks the line that the pointer names', () => {
    const marked = messageLines(message, '/data/fields/status', false)?.filter((line) => line.marked).map((line) => line.text)
    expect(marked).toEqual(['"status": "•••",'])
  })

  it('marks all lines of an object that the pointer names', () => {
    const marked = messageLines(message, '/data/relationships/requester/0', false)?.filter((line) => line.marked).map((line) => line.text)
    expect(marked).toEqual(['{', '"email": "•••@•••"', '}'])
  })

  it('marks the nearest place above what is missing, and nothing where all is concerned', () => {
    const marked = messageLines(message, '/data/fields/subject', false)?.filter((line) => line.marked).map((line) => line.text)
    expect(marked?.[0]).toBe('"fields": {')
    expect(messageLines(message, '', false)?.some((line) => line.marked)).toBe(false)
  })

  it('reads escaped parts of a pointer', () => {
    const marked = messageLines('{"a/b":{"~c":1},"a":2}', '/a~1b/~0c', true)?.filter((line) => line.marked).map((line) => line.text)
    expect(marked).toEqual(['"~c": 1'])
  })

  it('is null for what is not JSON', () => {
    expect(messageLines('a@b.example,12', '', false)).toBeNull()
  })
})

describe('sample', () => {
  it('shows the member with the problem, masked', () => {
    expect(sample(message, '/data/fields/status')).toBe('{"status": "•••", …}')
    expect(sample(message, '/data/fields')).toBe('{"fields": {…}, …}')
    expect(sample(message, '/data/relationships/requester/0')).toBe('[{…}, …]')
  })

  it('shows that a member is missing', () => {
    expect(sample(message, '/data/fields/subject')).toBe('{"subject": ∅, …}')
  })

  it('says nothing of a message as a whole or one that is not JSON', () => {
    expect(sample(message, '')).toBe('{…}')
    expect(sample('not json', '/a')).toBeNull()
    expect(sample('{"a/b":{"c":1}}', '/a~1b/c')).toBe('{"c": "•••", …}')
  })
})

describe('maskPersonal', () => {
  it('hides addresses and telephone numbers in sentences, nothing else', () => {
    expect(maskPersonal('ana.lopez@example.com is not an option of this field.')).toBe('•••@••• is not an option of this field.')
    expect(maskPersonal('+33 6 12 34 56 78 is not a number')).toBe('••• is not a number')
    expect(maskPersonal('whatsapp is not an option; allowed: 0 … 500')).toBe('whatsapp is not an option; allowed: 0 … 500')
  })
})

describe('byteLength', () => {
  it('counts bytes, not characters', () => {
    expect(byteLength('é', null)).toBe(2)
    expect(byteLength('', btoa('abcd'))).toBe(4)
  })
})
