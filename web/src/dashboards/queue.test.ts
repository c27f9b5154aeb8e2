import { describe, expect, it } from 'vitest'
import { createQueue } from './queue'

function deferred() {
  const made: { resolve?: (value: string) => void; reject?: (error: Error) => void } = {}
  const promise = new Promise<string>((resolve, reject) => Object.assign(made, { resolve, reject }))
  return { promise, resolve: (value: string) => made.resolve?.(value), reject: (error: Error) => made.reject?.(error) }
}

/** A task that ends when it is told to. */
function held() {
  const { promise, resolve, reject } = deferred()
  return { task: () => promise, end: resolve, fail: reject }
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('createQueue', () => {
  it('runs four at a time, the rest in order', async () => {
    const queue = createQueue(4)
    const tasks = Array.from({ length: 6 }, held)
    const started: number[] = []
    const all = tasks.map((each, index) => queue.run(() => { started.push(index); return each.task() }))
    await settle()
    expect(started).toEqual([0, 1, 2, 3])
    tasks[2]?.end('c')
    await settle()
    expect(started).toEqual([0, 1, 2, 3, 4])
    tasks.forEach((each, index) => each.end(String(index)))
    await settle()
    tasks[5]?.end('5')
    expect(await Promise.all(all)).toEqual(['0', '1', 'c', '3', '4', '5'])
  })
  it('goes on after one fails', async () => {
    const queue = createQueue(1)
    const [first, second] = [held(), held()]
    const one = queue.run(first.task)
    const two = queue.run(second.task)
    first.fail(new Error('slow'))
    await expect(one).rejects.toThrow('slow')
    second.end('done')
    expect(await two).toBe('done')
  })
  it('lets one that is no longer wanted leave the line without running', async () => {
    const queue = createQueue(1)
    const first = held()
    const one = queue.run(first.task)
    const stop = new AbortController()
    let ran = false
    const two = queue.run(async () => { ran = true }, stop.signal)
    const three = queue.run(async () => 'third')
    stop.abort()
    await expect(two).rejects.toMatchObject({ name: 'AbortError' })
    first.end('first')
    expect(await one).toBe('first')
    expect(await three).toBe('third')
    expect(ran).toBe(false)
  })
  it('does not begin what was stopped before', async () => {
    await expect(createQueue(1).run(async () => 1, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
  })
})
