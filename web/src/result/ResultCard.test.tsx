import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Report } from '../report/types'
import { testCatalog } from '../dashboards/testCatalog'
import { draw } from '../testing/render'
import { ResultCard } from './ResultCard'

const shown = (report: Report) => draw(
  <ResultCard report={report} chart={{ type: 'table' }} onChart={() => {}} onReport={() => {}} state={{ fetching: false, startedAt: null }} catalog={testCatalog} onCancel={() => {}} onRetry={() => {}} title="" />,
)

test('a report that cannot be asked yet says what to choose, instead of waiting', async () => {
  shown({ object: 'ticket', dimensions: ['ticket.status'], pivot: ['ticket.channel'] })
  expect(await screen.findByRole('heading', { name: 'Choose a measure' })).toBeTruthy()
  expect(screen.queryByText('Running the report')).toBeNull()
})

test('so does a report of filters alone', async () => {
  shown({ object: 'ticket', filters: { and: [] } })
  expect(await screen.findByRole('heading', { name: 'Choose what to show' })).toBeTruthy()
})
