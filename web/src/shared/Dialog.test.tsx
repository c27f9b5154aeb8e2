import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it } from 'vitest'
import { draw } from '../testing/render'
import { Dialog } from './Dialog'

function Opener() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>Open</button>
      {open ? <Dialog title="Title" onClose={() => setOpen(false)}>Text</Dialog> : null}
    </>
  )
}

it('gives the focus back to what opened it', async () => {
  draw(<Opener />)
  const button = await screen.findByRole('button', { name: 'Open' })
  await userEvent.click(button)
  await userEvent.click(await screen.findByRole('button', { name: 'Close' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  await waitFor(() => expect(document.activeElement).toBe(button))
})
