import { focusManager, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { onSessionEnded } from '../api/call'
import { OPERATOR, readSessions, type Scope, type Session, type Sessions } from './session'

type SessionsValue = Sessions & { reload: () => Promise<void>; ended: boolean; end: () => void; resume: () => void }

const SessionsContext = createContext<SessionsValue | null>(null)

/** Knows the sessions of this browser; shows `loading` until it does, `failed` if they cannot be read. */
export function SessionProvider({ children, loading, failed }: {
  children: ReactNode
  loading: ReactNode
  failed: (error: Error, again: () => void) => ReactNode
}) {
  const client = useQueryClient()
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: readSessions, staleTime: 60_000, refetchOnWindowFocus: true })
  const [ended, setEnded] = useState(false)
  const end = useCallback(() => setEnded(true), [])
  useEffect(() => onSessionEnded(end), [end])
  useEffect(() => {
    // Nothing asks again by itself while every answer would be a refusal: as behind another window.
    focusManager.setFocused(ended ? false : undefined)
    return () => focusManager.setFocused(undefined)
  }, [ended])
  const reload = useCallback(async () => {
    await client.invalidateQueries({ queryKey: ['sessions'] })
  }, [client])
  const resume = useCallback(() => setEnded(false), [])
  const value = useMemo(
    () => (sessions.data === undefined ? null : { ...sessions.data, reload, ended, end, resume }),
    [sessions.data, reload, ended, end, resume],
  )
  if (value !== null) return <SessionsContext value={value}>{children}</SessionsContext>
  return sessions.isError ? failed(sessions.error, () => void sessions.refetch()) : loading
}

/** All sessions of this browser. */
export function useSessions(): SessionsValue {
  const value = useContext(SessionsContext)
  if (value === null) throw new Error('useSessions outside of SessionProvider')
  return value
}

export type TenantValue = { tenant: string; session: Session; may: (scope: Scope) => boolean; operator: boolean }

const TenantContext = createContext<TenantValue | null>(null)

/** Everything below concerns one tenant, seen with one session. */
export function TenantProvider({ tenant, session, children }: { tenant: string; session: Session; children: ReactNode }) {
  const value = useMemo(
    () => ({
      tenant,
      session,
      may: (scope: Scope) => session.scopes.includes(scope),
      operator: session.tenant === OPERATOR && session.scopes.includes('ops'),
    }),
    [tenant, session],
  )
  return <TenantContext value={value}>{children}</TenantContext>
}

/** The tenant that is shown, and what the reader may do there. */
export function useTenant(): TenantValue {
  const value = useContext(TenantContext)
  if (value === null) throw new Error('useTenant outside of TenantProvider')
  return value
}
