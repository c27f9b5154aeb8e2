import { expect, test } from 'vitest'
import { delimiterOf, parseDelimited } from './delimited'

test.each([
  ['a,b;c,d', ','],
  ['a;b;c,d', ';'],
  ['a\tb\tc', '\t'],
  ['"a;b;c;d",e', ','],
  ['alone', ','],
])('the delimiter of %j is %j', (header, delimiter) => {
  expect(delimiterOf(header)).toBe(delimiter)
})

test('quoted cells keep delimiters, line breaks and doubled quotes', () => {
  expect(parseDelimited('a,b\r\n"x, ""y""\nz",2\r\n', ',', true)).toEqual([['a', 'b'], ['x, "y"\nz', '2']])
})

test('the last row of a sample may be cut off and is left out; at the end of the file it counts', () => {
  expect(parseDelimited('a;b\n1;2\n3;', ';', false)).toEqual([['a', 'b'], ['1', '2']])
  expect(parseDelimited('a;b\n1;2\n3;', ';', true)).toEqual([['a', 'b'], ['1', '2'], ['3', '']])
})

test('empty lines are no rows, empty cells are cells', () => {
  expect(parseDelimited('a,b\n\n,\nx,\n', ',', true)).toEqual([['a', 'b'], ['', ''], ['x', '']])
})

test('files with lone carriage returns have rows, too', () => {
  expect(parseDelimited('a,b\r1,2\r3,4', ',', true)).toEqual([['a', 'b'], ['1', '2'], ['3', '4']])
})

test('reads no more rows than asked for', () => {
  expect(parseDelimited('a\n1\n2\n3\n', ',', true, 2)).toEqual([['a'], ['1']])
})
