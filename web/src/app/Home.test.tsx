import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { expect, it, vi } from 'vitest'
import { LanguageProvider } from '../i18n/LanguageProvider'
import { SessionProvider } from '../session/SessionProvider'
import { Home } from './Home'

it('lets a session for all tenants that may not list them open one by its name', async () => {
  localStorage.clear()
  const asked: string[] = []
  vi.stubGlobal('fetch', async (input: Request | string) => {
    asked.push(typeof input === 'string' ? input : new URL(input.url).pathname)
    return Response.json({ items: [{ tenant: '*', subject: 'olga', name: null, scopes: ['reports:read'], expires_at: '2030-01-01T00:00:00Z' }], sign_in: { oidc: false } })
  })
  const router = createMemoryRouter([{ index: true, element: <Home /> }, { path: '*', element: <p>elsewhere</p> }])
  render(
    <LanguageProvider loading={null}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <SessionProvider loading={null} failed={() => null}><RouterProvider router={router} /></SessionProvider>
      </QueryClientProvider>
    </LanguageProvider>,
  )
  const name = await screen.findByLabelText('Name of the tenant')
  await userEvent.click(screen.getByRole('button', { name: 'Open' }))
  expect(screen.getByText(/for instance northwind/)).toBeTruthy()
  await userEvent.type(name, 'acme{Enter}')
  await screen.findByText('elsewhere')
  expect(router.state.location.pathname).toBe('/t/acme/reports')
  expect(asked).toEqual(['/api/sessions'])
})
