import { expect, test } from 'vitest'
import { MAX_BYTES, readSample, sampleOf, UnreadableFile } from './sample'

const bytes = (text: string) => new TextEncoder().encode(text)
const read = (text: string, name = 'f.csv') => sampleOf(bytes(text), name, bytes(text).length)

function problemOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return error instanceof UnreadableFile ? error.problem : String(error)
  }
  return 'none'
}

test('a byte order mark is no part of the first header', () => {
  expect(read('\ufeff_id;Größe\nA;1\n')).toMatchObject({ headers: ['_id', 'Größe'], rows: [['A', '1']], delimiter: ';', format: 'csv', whole: true })
})

test('a character that the sample cuts in two does not make it unreadable', () => {
  const all = bytes('a\nx\né')
  expect(sampleOf(all.slice(0, all.length - 1), 'f.csv', 1000).rows).toEqual([['x']])
})

test('columns of NDJSON are the members of all lines; relationships of events stand beside them', () => {
  const sample = read('{"_id":"1","tags":["a","b"]}\n{"_id":"2","n":3,"relationships":{"buyer":[{"email":"a@x.com"}]}}\n', 'x.ndjson')
  expect(sample.headers).toEqual(['_id', 'tags', 'n', 'buyer'])
  expect(sample.rows).toEqual([['1', 'a; b', '', ''], ['2', '', '3', '[{"email":"a@x.com"}]']])
})

test('a file without a telling name is known by how it begins', () => {
  expect(read('{"_id":"1"}\n', 'export.txt').format).toBe('ndjson')
  expect(read('_id,a\n1,2\n', 'export.txt').format).toBe('csv')
})

test.each([
  ['workbook', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'f.csv'],
  ['utf16', new Uint8Array([0xff, 0xfe, 0x61, 0]), 'f.csv'],
  ['utf16', new Uint8Array([0x61, 0, 0x62, 0, 0x0a, 0]), 'f.csv'],
  ['not_utf8', new Uint8Array([0x61, 0x0a, 0xe9, 0x2c, 0x0a]), 'f.csv'],
  ['no_rows', bytes('a,b\n'), 'f.csv'],
  ['not_json', bytes('{"a":1}\n[1]\n'), 'f.ndjson'],
])('says %s before anything is uploaded', (problem, content, name) => {
  expect(problemOf(() => sampleOf(content, name, content.length))).toBe(problem)
})

test('a file that is too large is not read at all', async () => {
  const large = { size: MAX_BYTES + 1, name: 'f.csv' } as File
  await expect(readSample(large)).rejects.toMatchObject({ problem: 'too_large' })
})
