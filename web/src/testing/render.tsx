import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, type RenderResult } from '@testing-library/react'
import type { ReactElement } from 'react'
import { flushSync } from 'react-dom'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { theme } from '../app/theme'
import { WholeLanguage } from '../app/WholeLanguage'
import { ThemeProvider } from '../app/ThemeProvider'
import { LanguageProvider } from '../i18n/LanguageProvider'
import { TenantProvider } from '../session/SessionProvider'

/** Draws a component as the page does: texts, theme, calls, address, a session with all permissions for `acme`. */
export function draw(element: ReactElement, { language = 'en', path = '/', scopes }: { language?: 'en' | 'fr'; path?: string; scopes?: string[] } = {}): RenderResult {
  localStorage.setItem('crosslook.language', language)
  const session = {
    tenant: 'acme', subject: 'test', name: null, expires_at: '2030-01-01T00:00:00Z',
    scopes: scopes ?? ['schemas:read', 'schemas:write', 'records:read', 'records:write', 'reports:read', 'reports:write', 'ops'],
  }
  const router = createMemoryRouter([{ path: '*', element: <TenantProvider tenant="acme" session={session}>{element}</TenantProvider> }], { initialEntries: [path] })
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  return render(
    <ThemeProvider>
      <MantineProvider theme={theme} env="test">
        <LanguageProvider loading={null}>
          <WholeLanguage>
          <QueryClientProvider client={client}>
            <RouterProvider router={router} flushSync={(change) => void flushSync(change)} />
          </QueryClientProvider>
          </WholeLanguage>
        </LanguageProvider>
      </MantineProvider>
    </ThemeProvider>,
  )
}

