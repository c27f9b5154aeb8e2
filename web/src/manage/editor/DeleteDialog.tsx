import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { notifications } from '@mantine/notifications'
import { Link } from 'react-router'
import { call } from '../../api/call'
import { deleteSchema, type SchemaBody } from '../../api/schema'
import { removeSampleContacts } from '../../first/removeSamples'
import { SAMPLE_OBJECT } from '../../first/samples'
import { useRich, useT } from '../../i18n/useT'
import { useTenant } from '../../session/SessionProvider'
import { ConfirmDialog } from '../../shared/Dialog'
import { Icon } from '../../shared/Icon'
import { Checkbox } from '../../shared/inputs'
import { useRefreshTime } from '../refreshTime'
import { ImpactOf } from './ImpactList'
import { usePartLabel } from './labels'

/** Before an object is deleted: who uses it, how long reports show it still; its name is typed to confirm. */
export function DeleteDialog({ schema, name, onDeleted, onClose }: { schema: SchemaBody; name: string; onDeleted: () => void; onClose: () => void }) {
  const t = useT()
  const rich = useRich()
  const client = useQueryClient()
  const { tenant, may } = useTenant()
  const samples = schema.object === SAMPLE_OBJECT && may('records:write')
  const [contacts, setContacts] = useState(samples)
  const time = useRefreshTime()
  const labelOf = usePartLabel()
  const instant = time.next === null ? t('manage.edit.soon') : time.long(time.next)
  const remove = async () => {
    // The contacts first: if that fails, the dialog is still there to try again.
    if (contacts) await removeSampleContacts(tenant)
    await call(deleteSchema({ path: { tenant, object: schema.object }, headers: { 'if-match': `"${schema.version}"` } }))
    notifications.show({ message: rich('manage.delete.done', { em: (chunks) => <em>{chunks}</em>, name, instant }) })
    onDeleted()
    for (const noun of ['schemas', 'schema', 'catalog']) void client.invalidateQueries({ queryKey: [noun, tenant] })
  }
  return (
    <ConfirmDialog title={t('manage.delete.title', { name })} text={t('manage.delete.stays', { instant })} action={t('manage.delete.action')}
      typed={name} typedLabel={t('manage.delete.typed', { name })} onConfirm={remove} onClose={onClose}>
      <div className="dialogpart">
        {schema.integration ? (
          <div className="notice warn compact">
            <Icon name="warning" />
            <div>
              <p>{t('manage.delete.managed', { integration: integrationName(schema.integration) })}</p>
              <Link className="lk u" to={`/t/${encodeURIComponent(tenant)}/data/integrations/${encodeURIComponent(schema.integration)}`}>{t('manage.delete.toIntegration')}</Link>
            </div>
          </div>
        ) : null}
        <ImpactOf object={schema.object} labelOf={labelOf} />
        {samples ? <Checkbox label={t('manage.delete.samples')} checked={contacts} onChange={setContacts} /> : null}
      </div>
    </ConfirmDialog>
  )
}

/** `zendesk` as a name. */
export const integrationName = (slug: string): string => slug.charAt(0).toUpperCase() + slug.slice(1)
