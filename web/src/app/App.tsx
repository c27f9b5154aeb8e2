import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { flushSync } from 'react-dom'
import { RouterProvider } from 'react-router'
import { LanguageProvider, useLanguage } from '../i18n/LanguageProvider'
import { configureCalls } from '../api/call'
import { SessionProvider } from '../session/SessionProvider'
import { Unreachable } from './Unreachable'
import { queryClient } from './queryClient'
import { router } from './router'
import { theme } from './theme'
import { ThemeProvider, useThemeChoice } from './ThemeProvider'
import type { ReactNode } from 'react'

/** The page. */
export function App() {
  return (
    <ThemeProvider>
      <Themed>
        <LanguageProvider loading={<Blank />}>
          <QueryClientProvider client={queryClient}>
            <Speaking>
              <SessionProvider loading={<Blank />} failed={(error, again) => <Unreachable error={error} again={again} />}>
                <RouterProvider router={router} flushSync={(change) => void flushSync(change)} />
              </SessionProvider>
            </Speaking>
          </QueryClientProvider>
        </LanguageProvider>
      </Themed>
    </ThemeProvider>
  )
}

function Themed({ children }: { children: ReactNode }) {
  const { shown } = useThemeChoice()
  return (
    <MantineProvider theme={theme} forceColorScheme={shown}>
      {children}
      <Notifications position="bottom-center" containerWidth={360} autoClose={6000} limit={3} />
    </MantineProvider>
  )
}

/** Calls are made in the reader's language; the session comes with the tenant. */
function Speaking({ children }: { children: ReactNode }) {
  const { language } = useLanguage()
  configureCalls(null, language)
  return children
}

function Blank() {
  return <div className="blank" />
}
