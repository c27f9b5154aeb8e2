import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { CallError, send } from '../api/call'
import { LanguageProvider } from '../i18n/LanguageProvider'
import { ProblemNotice } from '../shared/ProblemNotice'
import { SessionProvider, useSessions } from './SessionProvider'

const EVERY_MS = 20

function Polling() {
  const { ended, resume } = useSessions()
  const asked = useQuery({ queryKey: ['asked'], queryFn: () => send('/api/asked').then((answer) => answer.json()), refetchInterval: EVERY_MS })
  return (
    <>
      {asked.error === null ? null : <ProblemNotice error={asked.error} />}
      {ended ? <button type="button" onClick={resume}>go on</button> : <p>signed in</p>}
    </>
  )
}

it('asks nothing by itself while the session is over, and goes on after signing in again', async () => {
  let signedIn = true
  let asked = 0
  vi.stubGlobal('fetch', async (path: string) => {
    if (path === '/api/sessions') return Response.json({ items: [], sign_in: { oidc: false } })
    asked += 1
    return signedIn ? Response.json({}) : Response.json({ code: 'unauthorized', detail: 'Your session has expired.' }, { status: 401 })
  })
  render(
    <LanguageProvider loading={null}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <SessionProvider loading={null} failed={() => null}><Polling /></SessionProvider>
      </QueryClientProvider>
    </LanguageProvider>,
  )
  await waitFor(() => expect(asked).toBeGreaterThan(2))
  signedIn = false
  const goOn = await screen.findByRole('button', { name: 'go on' })
  const before = asked
  await new Promise((resolve) => setTimeout(resolve, 10 * EVERY_MS))
  expect(asked).toBe(before)
  expect(screen.queryByRole('alert')).toBeNull()
  signedIn = true
  await userEvent.click(goOn)
  await waitFor(() => expect(asked).toBeGreaterThan(before + 2))
  expect(screen.getByText('signed in')).toBeTruthy()
})

it('does not say beside the dialog, or after it, that the session has ended', async () => {
  render(<LanguageProvider loading={null}><ProblemNotice error={new CallError(401, { detail: 'Your session has expired.' }, null)} /><p>there</p></LanguageProvider>)
  await screen.findByText('there')
  expect(screen.queryByRole('alert')).toBeNull()
})
