import { describe, expect, it } from 'vitest'
import { bounded, compacted, COLUMNS, defaultSize, moved, nextPlace, overlap, placed, putAt, readingOrder, type Move, type Placed, type Position } from './layout'

const tile = (key: string, x: number, y: number, w: number, h: number): Placed => ({ key, position: { x, y, w, h } })
const places = (tiles: readonly Placed[]) => Object.fromEntries(tiles.map(({ key, position: { x, y, w, h } }) => [key, [x, y, w, h]]))

// a a a b b b      a row of two above a wide one
// c c c c c c c c c c c c
const board = [tile('a', 0, 0, 6, 3), tile('b', 6, 0, 6, 3), tile('c', 0, 3, 12, 4)]

describe('readingOrder', () => {
  it('goes row by row from the left', () => {
    expect(readingOrder([tile('c', 0, 3, 1, 1), tile('b', 4, 0, 1, 1), tile('a', 0, 0, 1, 1)]).map(({ key }) => key)).toEqual(['a', 'b', 'c'])
  })
})

describe('bounded', () => {
  it('keeps a place within twelve columns', () => {
    expect(bounded({ x: 11, y: -3, w: 4, h: 3 })).toEqual({ x: 8, y: 0, w: 4, h: 3 })
    expect(bounded({ x: 2, y: 0, w: 40, h: 0 })).toEqual({ x: 0, y: 0, w: 12, h: 2 })
  })
})

describe('compacted', () => {
  it('closes gaps upwards', () => {
    expect(places(compacted([tile('a', 0, 5, 3, 2), tile('b', 0, 20, 3, 2)]))).toEqual({ a: [0, 0, 3, 2], b: [0, 2, 3, 2] })
  })
  it('lets the first one keep a cell that two claim', () => {
    expect(places(compacted([tile('a', 0, 0, 6, 3), tile('b', 2, 0, 6, 3)], 'b'))).toEqual({ b: [2, 0, 6, 3], a: [0, 3, 6, 3] })
  })
})

describe('placed', () => {
  it('puts tiles without a usable place below the others', () => {
    const sent = [
      { key: 'a', position: null, chart: { type: 'single' } },
      { key: 'b', position: { x: 0, y: 0, w: 12, h: 3 }, chart: null },
      { key: 'c', position: { x: 0 }, chart: { type: 'line' } },
    ]
    expect(places(placed(sent as never))).toEqual({ b: [0, 0, 12, 3], a: [0, 3, 3, 3], c: [3, 3, 8, 7] })
  })
})

describe('nextPlace', () => {
  it('fills the last row, then begins another', () => {
    expect(nextPlace([tile('a', 0, 0, 6, 3)], { w: 6, h: 3 })).toMatchObject({ x: 6, y: 0 })
    expect(nextPlace([tile('a', 0, 0, 8, 3)], { w: 6, h: 3 })).toMatchObject({ x: 0, y: 3 })
    expect(nextPlace([], defaultSize('table'))).toMatchObject({ x: 0, y: 0 })
  })
})

describe('moved', () => {
  const after = (key: string, move: Move, tiles: readonly Placed[] = board) => places(moved(tiles, key, move))

  it('changes places with the neighbour of the row', () => {
    expect(after('a', 'right')).toEqual({ b: [0, 0, 6, 3], a: [6, 0, 6, 3], c: [0, 3, 12, 4] })
    expect(after('b', 'left')).toEqual({ b: [0, 0, 6, 3], a: [6, 0, 6, 3], c: [0, 3, 12, 4] })
  })
  it('changes places with a neighbour of another width', () => {
    expect(after('a', 'right', [tile('a', 0, 0, 3, 3), tile('b', 3, 0, 5, 3)])).toEqual({ b: [0, 0, 5, 3], a: [5, 0, 3, 3] })
  })
  it('takes a step into free columns', () => {
    expect(after('a', 'right', [tile('a', 0, 0, 3, 3)])).toEqual({ a: [1, 0, 3, 3] })
  })
  it('moves past the tile above and below', () => {
    expect(after('c', 'up')).toEqual({ c: [0, 0, 12, 4], a: [0, 4, 6, 3], b: [6, 4, 6, 3] })
    expect(after('a', 'down')).toEqual({ b: [6, 0, 6, 3], c: [0, 3, 12, 4], a: [0, 7, 6, 3] })
  })
  it('puts the one that moves down directly below the next, before those that follow', () => {
    const column = [tile('a', 0, 0, 4, 2), tile('b', 0, 2, 4, 2), tile('c', 0, 4, 4, 2)]
    expect(after('a', 'down', column)).toEqual({ b: [0, 0, 4, 2], a: [0, 2, 4, 2], c: [0, 4, 4, 2] })
  })
  it('grows and shrinks; at the right edge it grows to the left', () => {
    expect(after('c', 'narrower')).toMatchObject({ c: [0, 3, 11, 4] })
    expect(after('c', 'taller')).toMatchObject({ c: [0, 3, 12, 5] })
    expect(after('b', 'wider')).toEqual({ b: [5, 0, 7, 3], a: [0, 3, 6, 3], c: [0, 6, 12, 4] })
  })
  it.each<[string, Move]>([['a', 'left'], ['a', 'up'], ['b', 'right'], ['c', 'down'], ['c', 'wider']])('stays where there is no room: %s %s', (key, move) => {
    expect(moved(board, key, move)).toBe(board)
  })
  it('never lets tiles overlap or leave the grid, whatever is pressed', () => {
    const moves: Move[] = ['left', 'right', 'up', 'down', 'wider', 'narrower', 'taller', 'shorter']
    let tiles: readonly Placed[] = [tile('a', 0, 0, 3, 3), tile('b', 3, 0, 3, 3), tile('c', 6, 0, 6, 2), tile('d', 0, 3, 8, 7), tile('e', 8, 3, 4, 7)]
    let seed = 7
    for (let step = 0; step < 600; step += 1) {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      const key = 'abcde'[seed % 5] ?? 'a'
      tiles = moved(tiles, key, moves[(seed >> 8) % moves.length] ?? 'left')
      const all: Position[] = tiles.map(({ position }) => position)
      expect(all.every(({ x, w, y }) => x >= 0 && y >= 0 && x + w <= COLUMNS)).toBe(true)
      expect(all.some((one, at) => all.some((other, after) => after > at && overlap(one, other)))).toBe(false)
      expect(readingOrder(tiles)).toEqual(tiles)
    }
  })
})

describe('putAt', () => {
  it('makes room where a tile is let go', () => {
    expect(places(putAt(board, 'c', { x: 0, y: 0, w: 12, h: 4 }))).toEqual({ c: [0, 0, 12, 4], a: [0, 4, 6, 3], b: [6, 4, 6, 3] })
  })
})
