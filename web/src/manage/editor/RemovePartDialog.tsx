import { useT } from '../../i18n/useT'
import { ConfirmDialog } from '../../shared/Dialog'
import { useRefreshTime } from '../refreshTime'
import { ImpactOf } from './ImpactList'
import { usePartLabel } from './labels'

/** Before a saved field or relationship is taken out: who uses it, and how long reports show it still. */
export function RemovePartDialog({ object, slug, name, onRemove, onClose }: { object: string; slug: string; name: string; onRemove: () => void; onClose: () => void }) {
  const t = useT()
  const time = useRefreshTime()
  const labelOf = usePartLabel()
  return (
    <ConfirmDialog title={t('manage.removePart.title', { name })} action={t('manage.removePart.action')} onClose={onClose} onConfirm={async () => onRemove()}
      text={t('manage.removePart.stays', { instant: time.next === null ? t('manage.edit.soon') : time.long(time.next) })}>
      <div className="dialogpart"><ImpactOf object={object} part={slug} labelOf={labelOf} /></div>
    </ConfirmDialog>
  )
}
