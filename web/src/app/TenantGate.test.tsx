import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createMemoryRouter, Outlet, RouterProvider } from 'react-router'
import { expect, it, vi } from 'vitest'
import { LanguageProvider } from '../i18n/LanguageProvider'
import { SessionProvider, useSessions, useTenant } from '../session/SessionProvider'
import { TenantGate } from './TenantGate'

let tenants: string[] = []

function Form() {
  const { tenant } = useTenant()
  return <input aria-label={`Note of ${tenant}`} />
}

function Frame() {
  return <>{useSessions().ended ? <p>ended</p> : null}<Outlet /></>
}

function drawAt(path: string) {
  vi.stubGlobal('fetch', vi.fn(async () => Response.json({
    items: tenants.map((tenant) => ({ tenant, subject: 'ana', name: null, scopes: ['reports:read'], expires_at: '2030-01-01T00:00:00Z' })),
    sign_in: { oidc: false },
  })))
  const router = createMemoryRouter([
    { path: '/sign-in', element: <p>sign-in</p> },
    { element: <Frame />, children: [{ path: 't/:tenant', element: <TenantGate />, children: [{ path: '*', element: <Form /> }] }] },
  ], { initialEntries: [path] })
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  render(
    <LanguageProvider loading={null}>
      <QueryClientProvider client={client}>
        <SessionProvider loading={null} failed={() => null}><RouterProvider router={router} /></SessionProvider>
      </QueryClientProvider>
    </LanguageProvider>,
  )
  return { router, sessionsAreReadAgain: () => act(() => client.invalidateQueries({ queryKey: ['sessions'] })) }
}

it('keeps what was typed when the session is found to have ended, and when another one takes its place', async () => {
  tenants = ['acme']
  const { sessionsAreReadAgain } = drawAt('/t/acme/reports')
  await userEvent.type(await screen.findByLabelText('Note of acme'), 'typed')
  tenants = []
  await sessionsAreReadAgain()
  await screen.findByText('ended')
  expect(screen.getByLabelText<HTMLInputElement>('Note of acme').value).toBe('typed')
  tenants = ['*']
  await sessionsAreReadAgain()
  expect(screen.getByLabelText<HTMLInputElement>('Note of acme').value).toBe('typed')
})

it('leads to sign-in where no session was there to begin with', async () => {
  tenants = ['acme']
  const { router } = drawAt('/t/globex/reports?r=x')
  await screen.findByText('sign-in')
  expect(router.state.location.search).toBe(`?return_to=${encodeURIComponent('/t/globex/reports?r=x')}`)
  expect(screen.queryByText('ended')).toBeNull()
})
