import { Drawer, Modal } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useT } from '../i18n/useT'
import { Icon } from './Icon'
import { ProblemNotice } from './ProblemNotice'
import { TextInput } from './inputs'

/** A dialog in the middle of the page; focus returns to where it was when it closes. */
export function Dialog({ title, onClose, size = 'md', children }: { title: string; onClose: () => void; size?: string; children: ReactNode }) {
  const t = useT()
  useReturnedFocus()
  return (
    <Modal opened onClose={() => { if (!inPopover()) onClose() }} title={title} size={size} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {children}
    </Modal>
  )
}

/** Whether Escape belongs to a list or editor that is open above the dialog. */
function inPopover(): boolean {
  return document.activeElement?.closest('.mantine-Popover-dropdown') != null
}

/** When a dialog goes, the focus goes back to what opened it. Mantine does that only for a dialog that stays in the
 * page while it is closed. */
function useReturnedFocus(): void {
  const [opener] = useState(findOpener)
  const there = useRef(false)
  useEffect(() => {
    there.current = true
    return () => {
      there.current = false
      setTimeout(() => {
        if (!there.current && opener?.isConnected === true) opener.focus({ preventScroll: true })
      })
    }
  }, [opener])
}

/** What has the focus; for an item of a menu, which goes as well, the button of the menu. */
function findOpener(): HTMLElement | null {
  const active = document.activeElement
  const menu = active?.closest('[role="menu"]')?.getAttribute('aria-labelledby')
  const opener = menu == null ? active : document.getElementById(menu)
  return opener instanceof HTMLElement ? opener : null
}

/** A panel at the right edge. */
export function SidePanel({ title, onClose, size = '480px', children }: { title: string; onClose: () => void; size?: string; children: ReactNode }) {
  const t = useT()
  useReturnedFocus()
  return (
    <Drawer opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {children}
    </Drawer>
  )
}

/** Asks before something that cannot be taken back. `typed`: the reader types this name first. `working`: what is said
 * while it is done, if that takes longer than a moment. */
export function ConfirmDialog({ title, text, action, danger = true, typed, typedLabel, working, onConfirm, onClose, children }: {
  title: string
  text?: ReactNode
  action: string
  danger?: boolean
  typed?: string
  typedLabel?: string
  working?: string
  onConfirm: () => Promise<void>
  onClose: () => void
  children?: ReactNode
}) {
  const t = useT()
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Error | null>(null)
  const blocked = busy || (typed !== undefined && name.trim() !== typed)
  const confirm = async () => {
    if (blocked) return
    setBusy(true)
    setProblem(null)
    try {
      await onConfirm()
      onClose()
    } catch (error) {
      setProblem(error as Error)
      setBusy(false)
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      {text === undefined ? null : <p className="sub">{text}</p>}
      {children}
      {typed === undefined ? null : <TextInput label={typedLabel ?? typed} value={name} onChange={setName} data-autofocus autoComplete="off" />}
      {problem === null ? null : <ProblemNotice error={problem} compact />}
      <p className="s13 sub dialogbusy" role="status">{busy && working !== undefined ? <><Icon name="hourglass" />{working}</> : null}</p>
      <div className="row actions">
        <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
        <button type="button" className={`btn ${danger ? 'danger' : 'primary'}`} aria-disabled={blocked} aria-busy={busy} onClick={() => void confirm()}>{action}</button>
      </div>
    </Dialog>
  )
}
