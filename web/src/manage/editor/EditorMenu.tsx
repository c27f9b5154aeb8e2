import { Menu } from '@mantine/core'
import { useNavigate } from 'react-router'
import type { SchemaBody } from '../../api/schema'
import { useT } from '../../i18n/useT'
import { useTenant } from '../../session/SessionProvider'
import { Icon } from '../../shared/Icon'
import { CONTACT } from '../form'

/** What else can be done with an object. */
export function EditorMenu({ schema, name, onDelete }: { schema: SchemaBody; name: string; onDelete: () => void }) {
  const t = useT()
  const navigate = useNavigate()
  const { tenant, may } = useTenant()
  const base = `/t/${encodeURIComponent(tenant)}/data`
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <button type="button" className="btn ghost sm sq" aria-label={t('manage.edit.more', { name })}><Icon name="more" /></button>
      </Menu.Target>
      <Menu.Dropdown>
        {may('records:read') ? (
          <Menu.Item leftSection={<Icon name="search" />} onClick={() => void navigate(`${base}/records?object=${schema.object}`)}>{t('manage.edit.findRecord')}</Menu.Item>
        ) : null}
        {may('records:write') ? (
          <Menu.Item leftSection={<Icon name="upload" />} onClick={() => void navigate(`${base}/import?object=${schema.object}`)}>{t('manage.edit.importRecords')}</Menu.Item>
        ) : null}
        {schema.object !== CONTACT && may('schemas:write') ? (
          <Menu.Item leftSection={<Icon name="trash" />} className="dangeritem" onClick={onDelete}>{t('manage.edit.delete')}</Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  )
}
