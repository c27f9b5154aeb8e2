import { Portal } from '@mantine/core'
import { useNavigate } from 'react-router'
import { holdFile } from '../imports/droppedFile'
import { useFileDrop } from '../imports/useFileDrop'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'

/** A file dropped anywhere on a view of Manage data opens the import wizard with it. */
export function FileDrop() {
  const t = useT()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const over = useFileDrop((file) => void navigate(`/t/${encodeURIComponent(tenant)}/data/import`, { state: holdFile(file) }), may('records:write'))
  if (!over) return null
  return (
    <Portal>
      <div className="dropveil" role="status"><Icon name="upload" /><span className="strong">{t('manage.drop')}</span></div>
    </Portal>
  )
}
