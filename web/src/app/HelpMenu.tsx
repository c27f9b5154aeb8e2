import { Menu, Modal } from '@mantine/core'
import { useState } from 'react'
import { useT } from '../i18n/useT'
import type { MessageId } from '../i18n'
import { Icon } from '../shared/Icon'

const KEYS: [MessageId, string][] = [
  ['shell.keys.search', 'Ctrl/⌘ + K'],
  ['shell.keys.run', 'Ctrl/⌘ + ↵'],
  ['shell.keys.save', 'Ctrl/⌘ + S'],
  ['shell.keys.undo', 'Ctrl/⌘ + Z'],
  ['shell.keys.redo', 'Ctrl/⌘ + Shift + Z'],
]

/** The reference of the API, and the keyboard shortcuts. */
export function HelpMenu() {
  const t = useT()
  const [keys, setKeys] = useState(false)
  return (
    <>
      <Menu>
        <Menu.Target>
          <button type="button" className="btn ghost sm sq" aria-label={t('shell.help')}><Icon name="help" /></button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setKeys(true)}>{t('shell.keys')}</Menu.Item>
          <Menu.Item component="a" href="/docs" target="_blank" rel="noreferrer" rightSection={<Icon name="external" />}>{t('shell.docs')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={keys} onClose={() => setKeys(false)} title={t('shell.keys')} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <dl className="keys">
          {KEYS.map(([id, key]) => (
            <div key={id} className="row"><dt className="grow">{t(id)}</dt><dd><kbd>{key}</kbd></dd></div>
          ))}
        </dl>
      </Modal>
    </>
  )
}
