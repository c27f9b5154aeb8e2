import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { call } from '../api/call'
import { pinSnapshot, restoreSnapshot, unpinSnapshot, type SnapshotAnswer } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { ConfirmDialog } from '../shared/Dialog'
import { useFormats } from '../shared/formats'
import { useOps } from './context'

export type SnapshotAction = { kind: 'restore' | 'pin' | 'unpin'; item: SnapshotAnswer }

const calls = { restore: restoreSnapshot, pin: pinSnapshot, unpin: unpinSnapshot }

/** Says what readers will see before a snapshot becomes current again, is kept, or may expire. */
export function SnapshotDialog({ action: { kind, item }, onClose }: { action: SnapshotAction; onClose: () => void }) {
  const t = useT()
  const formats = useFormats()
  const { zone } = useOps()
  const client = useQueryClient()
  const instant = item.as_of === null ? (item.id ?? '') : formats.instant(item.as_of, zone)
  const confirm = async () => {
    await call(calls[kind]({ path: { snapshot: item.id ?? '' } }))
    await Promise.all([client.invalidateQueries({ queryKey: ['snapshots'] }), client.invalidateQueries({ queryKey: ['freshness'] })])
    notifications.show({ message: t(`ops.${kind}.done`, { instant }) })
  }
  return (
    <ConfirmDialog
      title={t(`ops.${kind}.title`, { instant })}
      text={t(`ops.${kind}.text`, { instant })}
      action={t(`ops.${kind}.action`)}
      danger={kind === 'restore'}
      onConfirm={confirm}
      onClose={onClose}
    />
  )
}
