/** Runs tasks, at most `atOnce` of them at the same time, in the order in which they came. */
export type Queue = { run: <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T> }

export function createQueue(atOnce: number): Queue {
  let running = 0
  const waiting: (() => void)[] = []

  const leave = () => {
    running -= 1
    waiting.shift()?.()
  }

  const enter = (signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(aborted())
      const start = () => {
        signal?.removeEventListener('abort', give)
        running += 1
        resolve()
      }
      // One that is no longer wanted leaves its place in the line to the next.
      const give = () => {
        const place = waiting.indexOf(start)
        if (place >= 0) waiting.splice(place, 1)
        reject(aborted())
      }
      if (running < atOnce) return start()
      waiting.push(start)
      signal?.addEventListener('abort', give, { once: true })
    })

  return {
    run: async (task, signal) => {
      await enter(signal)
      try {
        return await task()
      } finally {
        leave()
      }
    },
  }
}

const aborted = () => new DOMException('No longer wanted', 'AbortError')
