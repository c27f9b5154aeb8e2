import { Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'react-router'
import { useT } from '../i18n/useT'
import { readSessions, sessionFor } from '../session/session'
import { useSessions } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'

/** The session ended in the middle of something: what was typed stays behind this dialog until there is a new one. */
export function EndedDialog() {
  const t = useT()
  const { tenant = '' } = useParams()
  const { sign_in: ways, reload, resume } = useSessions()
  const client = useQueryClient()
  const [missing, setMissing] = useState(false)
  const goOn = async () => {
    const { items } = await readSessions()
    if (tenant === '' ? items.length === 0 : sessionFor(items, tenant) === null) {
      setMissing(true)
      return
    }
    await reload()
    resume()
    await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'sessions' })
  }
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} title={t('shell.ended')}>
      <p className="sub">{t('shell.ended.text')}</p>
      {missing ? <p className="notice bad compact" role="alert"><Icon name="alert" />{t('shell.ended.still')}</p> : null}
      <div className="row actions">
        <a className="btn" target="_blank" rel="noreferrer" href={ways.oidc ? '/api/sign-in?return_to=/' : '/sign-in'}>
          {t('shell.ended.open')}<Icon name="external" />
        </a>
        <button type="button" className="btn primary" onClick={() => void goOn()}>{t('shell.ended.continue')}</button>
      </div>
    </Modal>
  )
}
