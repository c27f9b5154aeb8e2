import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useNavigate } from 'react-router'
import { call } from '../api/call'
import { readImpact } from '../api/query'
import { deleteConnection, type ConnectionBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { ConfirmDialog } from '../shared/Dialog'
import { Icon } from '../shared/Icon'
import { connectionsKey } from './queries'

type Fate = 'keep' | 'delete'

/** Disconnects: what remains is said, and what is lost if the object goes, too. */
export function DisconnectDialog({ connection, object, bundled, onClose }: { connection: ConnectionBody; object: string; bundled: boolean; onClose: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [fate, setFate] = useState<Fate>('keep')
  const name = useId()
  const disconnect = async () => {
    await call(deleteConnection({ path: { tenant, name: connection.name }, query: { object: fate } }))
    await navigate(`/t/${encodeURIComponent(tenant)}/data/integrations`)
    for (const key of [connectionsKey(tenant), ['schemas', tenant], ['catalog', tenant]]) void client.invalidateQueries({ queryKey: key })
  }
  return (
    <ConfirmDialog
      title={t('integrations.disconnect.title', { name: connection.label })} text={t('integrations.disconnect.text')} action={t('integrations.disconnect.action')}
      {...(fate === 'delete' ? { typed: connection.object, typedLabel: t('integrations.disconnect.type', { object: connection.object }) } : {})} onConfirm={disconnect} onClose={onClose}
    >
      {bundled ? (
        <fieldset className="choiceset">
          <legend className="vh">{t('integrations.disconnect.object', { object })}</legend>
          <div className="choicecards one">
            {(['keep', 'delete'] as const).map((value) => (
              <label key={value} className={`choicecard ${fate === value ? 'on' : ''}`}>
                <input type="radio" name={name} checked={fate === value} onChange={() => setFate(value)} />
                <span><span className="strong">{t(`integrations.disconnect.${value}`, { object })}</span><span className="s12 sub">{t(`integrations.disconnect.${value}.text`)}</span></span>
              </label>
            ))}
          </div>
          {fate === 'delete' ? <Impact object={connection.object} /> : null}
        </fieldset>
      ) : null}
    </ConfirmDialog>
  )
}

/** The Looks and dashboards that lose something. */
function Impact({ object }: { object: string }) {
  const t = useT()
  const { tenant } = useTenant()
  const impact = useQuery({ queryKey: ['impact', tenant, object], queryFn: ({ signal }) => call(readImpact({ path: { tenant }, query: { object }, signal })) })
  if (impact.data === undefined) return <p className="s13 sub disconnectimpact" role="status">{t(impact.isError ? 'integrations.disconnect.impactFailed' : 'common.loading')}</p>
  if (impact.data.items.length === 0) return <p className="s13 sub disconnectimpact" role="status">{t('integrations.disconnect.noImpact')}</p>
  return (
    <div className="notice warn compact disconnectimpact" role="status">
      <Icon name="warning" />
      <div>
        <p className="strong">{t('integrations.disconnect.impact', { count: impact.data.items.length })}</p>
        <ul className="problems">{impact.data.items.map((item) => <li key={item.kind + item.id}>{t(`integrations.saved.${item.kind}`, { name: item.name })}</li>)}</ul>
      </div>
    </div>
  )
}
