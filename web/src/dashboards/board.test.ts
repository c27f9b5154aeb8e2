import { describe, expect, it } from 'vitest'
import { boardBody, EMPTY_BOARD, freshKey, readBoard, sameBoard } from './board'
import { filterList, filterTree } from './filterList'

const position = { x: 0, y: 0, w: 6, h: 3 }
const request = { object: 'ticket', measures: ['ticket.count'] }
const body = {
  name: 'Support', description: 'All of it',
  tiles: [
    { look: 'l1', request: null, chart: null, position },
    { look: null, request, chart: { type: 'bar', title: 'By hand', kept: [1] }, position: { ...position, x: 6 }, filter_fields: { 'ticket.status': null } },
  ],
  filters: { and: [{ field: 'ticket.status', op: 'in', values: ['open'] }, { or: [{ field: 'contact.country', op: 'is_empty' }, { field: 'contact.country', op: 'is_not_empty' }] }] },
}

describe('readBoard and boardBody', () => {
  it('send back what was read, without empty members', () => {
    expect(boardBody(readBoard(body))).toEqual({
      name: 'Support', description: 'All of it',
      tiles: [
        { look: 'l1', position },
        { request, chart: { type: 'bar', title: 'By hand', kept: [1] }, position: { ...position, x: 6 }, filter_fields: { 'ticket.status': null } },
      ],
      filters: body.filters,
    })
  })
  it('keep the comparison in the charts of the tiles', () => {
    const board = { ...readBoard(body), comparing: 'period' as const }
    const sent = boardBody(board, () => 'line')
    expect(sent.tiles.map((tile) => tile.chart)).toEqual([{ type: 'line', compare: 'period' }, { type: 'bar', title: 'By hand', kept: [1], compare: 'period' }])
    const again = readBoard({ ...body, tiles: sent.tiles.map((tile) => ({ look: null, request: null, chart: null, ...tile })) } as never)
    expect(again.comparing).toBe('period')
    expect(again.tiles.map((tile) => tile.chart)).toEqual([{ type: 'line' }, { type: 'bar', title: 'By hand', kept: [1] }])
  })
  it('read a dashboard without filters', () => {
    expect(readBoard({ ...body, filters: null }).filters).toEqual([])
    expect(boardBody(EMPTY_BOARD)).toEqual({ name: '', description: '', tiles: [] })
  })
})

describe('filterList', () => {
  it('makes a filter of each condition at the top', () => {
    expect(filterList(body.filters)).toEqual([
      { field: 'ticket.status', condition: { field: 'ticket.status', op: 'in', values: ['open'] } },
      { field: 'contact.country', condition: null },
    ])
    expect(filterTree(filterList(body.filters))).toEqual(body.filters)
  })
  it('takes one condition for a list of one, and keeps groups whole', () => {
    expect(filterList({ field: 'ticket.status', op: 'is_empty' })).toHaveLength(1)
    const group = { or: [{ field: 'a.b', op: 'is_empty' }, { field: 'a.c', op: 'is_not_empty' }] }
    expect(filterList({ and: [group] })).toEqual([{ node: group }])
  })
  it('takes nothing from what is no filter', () => {
    expect(filterList({ nonsense: true })).toEqual([])
    expect(filterList(null)).toEqual([])
  })
})

describe('sameBoard and freshKey', () => {
  it('see what would be saved otherwise', () => {
    const board = readBoard(body)
    expect(sameBoard(board, readBoard(body))).toBe(true)
    expect(sameBoard(board, { ...board, name: 'Other' })).toBe(false)
    expect(sameBoard(board, { ...board, filters: [] })).toBe(false)
  })
  it('give a key that is free', () => {
    const { tiles } = readBoard(body)
    expect(freshKey(tiles)).toBe('t2')
    expect(freshKey([{ ...tiles[0]!, key: 't1' }])).toBe('t2')
  })
})
