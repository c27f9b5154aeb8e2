import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, CallError } from '../api/call'
import { putConnection, type ConnectionBody } from '../api/schema'
import { useTenant } from '../session/SessionProvider'
import type { Errors } from './OptionsForm'
import type { Options } from './options'
import { connectionsKey } from './queries'

export type ConnectionChange = { name: string; kind?: string; secret?: string; options?: Options; graceHours?: number }

/** Connects an integration or changes it. */
export function useSaveConnection() {
  const { tenant } = useTenant()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, kind, secret, options, graceHours }: ConnectionChange): Promise<ConnectionBody> => call(putConnection({
      path: { tenant, name },
      body: {
        ...(kind === undefined ? {} : { kind }), ...(secret === undefined ? {} : { signing_secret: secret }),
        ...(options === undefined ? {} : { options }), ...(graceHours === undefined ? {} : { grace_hours: graceHours }),
      },
    })),
    onSuccess: () => Promise.all([
      client.invalidateQueries({ queryKey: connectionsKey(tenant) }),
      client.invalidateQueries({ queryKey: ['schemas', tenant] }),
      client.invalidateQueries({ queryKey: ['catalog', tenant] }),
    ]),
  })
}

/** The errors of a refusal that belong to fields, by pointer below `root`. */
export function errorsBelow(error: Error | null, root: string): Errors {
  if (!(error instanceof CallError)) return {}
  const found = error.errors.filter((item) => item.pointer === root || item.pointer.startsWith(`${root}/`))
  return Object.fromEntries(found.map((item) => [item.pointer.slice(root.length), item.message]))
}

/** Whether every error of a refusal stands beside a field already. */
export function allShown(error: Error, roots: readonly string[]): boolean {
  if (!(error instanceof CallError) || error.errors.length === 0) return false
  return error.errors.every((item) => roots.some((root) => item.pointer === root || item.pointer.startsWith(`${root}/`)))
}
