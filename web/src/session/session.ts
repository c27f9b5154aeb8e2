import { CallError, send } from '../api/call'

/** A signed-in session of this browser. `tenant` is `*` for an operator. */
export type Session = { tenant: string; subject: string; name: string | null; scopes: string[]; expires_at: string }
export type Sessions = { items: Session[]; sign_in: { oidc: boolean } }
export type Scope =
  | 'schemas:read' | 'schemas:write' | 'records:read' | 'records:write' | 'reports:read' | 'reports:write' | 'ops'

export const OPERATOR = '*'

/** All sessions of this browser, and how one can sign in. */
export async function readSessions(): Promise<Sessions> {
  const response = await send('/api/sessions')
  return (await response.json()) as Sessions
}

/** The session that the code of a sign-in link stands for. Throws CallError for one that is used up or too old. */
export async function exchange(code: string): Promise<Session> {
  const response = await send('/api/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  return (await response.json()) as Session
}

/** End a session. */
export async function signOut(tenant: string): Promise<void> {
  try {
    await send('/api/session', { method: 'DELETE', headers: { 'X-Crosslook-Session': tenant } })
  } catch (error) {
    if (!(error instanceof CallError && error.status === 401)) throw error
  }
}

/** The session with which a tenant is shown: its own, else an operator's. */
export function sessionFor(sessions: Session[], tenant: string): Session | null {
  return sessions.find((session) => session.tenant === tenant) ?? sessions.find((session) => session.tenant === OPERATOR) ?? null
}
