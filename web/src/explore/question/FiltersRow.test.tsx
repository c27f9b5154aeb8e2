import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import type { Report } from '../../report/types'
import { indexOf } from '../../report/fields'
import { catalog } from '../../result/fixtures'
import { draw } from '../../testing/render'
import { FiltersRow, firstCondition, type NewFilter } from './FiltersRow'

const report: Report = { object: 'ticket', measures: ['ticket.count'] }
const opened = indexOf(catalog).fields.get('ticket.opened_at')

function Row({ onReport }: { onReport: (report: Report) => void }) {
  const [added, setAdded] = useState<NewFilter | null>(opened === undefined ? null : { field: opened, condition: firstCondition(opened), group: null })
  return <FiltersRow {...{ report, catalog, onReport, added }} onAdded={setAdded} />
}

describe('a filter that was just added', () => {
  it('is not applied by Escape while nothing was changed', async () => {
    const onReport = vi.fn<(report: Report) => void>()
    draw(<Row onReport={onReport} />)
    await userEvent.click(await screen.findByLabelText('How many'))
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByLabelText('How many')).toBeNull())
    expect(onReport).not.toHaveBeenCalled()
  })

  it('is applied as it stands once it is confirmed, and by Escape once it was changed', async () => {
    const onReport = vi.fn<(report: Report) => void>()
    const first = draw(<Row onReport={onReport} />)
    await userEvent.click(await screen.findByRole('button', { name: 'Apply' }))
    expect(onReport).toHaveBeenLastCalledWith({ ...report, filters: { and: [{ field: 'ticket.opened_at', op: 'in_last', values: [30, 'day'] }] } })
    first.unmount()
    draw(<Row onReport={onReport} />)
    await userEvent.type(await screen.findByLabelText('How many'), '0')
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(onReport).toHaveBeenLastCalledWith({ ...report, filters: { and: [{ field: 'ticket.opened_at', op: 'in_last', values: [300, 'day'] }] } }))
  })
})
