import { MantineProvider } from '@mantine/core'
import { act, render, screen } from '@testing-library/react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { expect, it, vi } from 'vitest'
import { en } from '../i18n/en'
import { LanguageProvider } from '../i18n/LanguageProvider'
import { Crashed } from './Crashed'
import { WholeLanguage } from './WholeLanguage'

const texts = vi.hoisted(() => ({ missing: true }))

vi.mock('../i18n', () => ({
  firstLanguage: () => 'en',
  load: async (_: string, all: boolean) => {
    if (all && texts.missing) throw new TypeError('Failed to fetch dynamically imported module')
    return en
  },
}))

it('says that a view cannot be shown when its texts cannot be loaded, and tries again with the next view', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const page = (name: string) => ({ path: name, element: <WholeLanguage><p>{name}</p></WholeLanguage>, errorElement: <Crashed /> })
  const router = createMemoryRouter([page('/looks'), page('/dashboards')], { initialEntries: ['/looks'] })
  render(<MantineProvider env="test"><LanguageProvider loading={null}><RouterProvider router={router} /></LanguageProvider></MantineProvider>)
  await screen.findByRole('heading', { name: 'This page could not be shown' })
  expect(screen.getByRole('button', { name: 'Load again' })).toBeTruthy()
  expect(said).toHaveBeenCalled()
  texts.missing = false
  await act(() => router.navigate('/dashboards'))
  await screen.findByText('/dashboards')
})
