import { expect, test } from 'vitest'
import { jsonProblem, placeOf } from './jsonText'

const text = `{
  "object": "or}der",
  "list": [1, {"a/b": "x"},
    [true]],
  "fields": {"n": "\\"q\\""}
}`

test.each([
  ['', 1, 1],
  ['/object', 2, 13],
  ['/list/0', 3, 12],
  ['/list/1/a~1b', 3, 23],
  ['/list/2/0', 4, 6],
  ['/fields/n', 5, 19],
  ['/fields/missing', 5, 13],
  ['/nothing', 1, 1],
])('the value of %j begins at line %i, column %i', (pointer, line, column) => {
  expect(placeOf(text, pointer)).toEqual({ line, column })
})

test('says where a text stops being JSON', () => {
  expect(jsonProblem(text)).toBeNull()
  expect(jsonProblem('{\n "a": 1,\n oops\n}')?.line).toBe(3)
  expect(jsonProblem('{"a": ')?.line).toBe(1)
})
