import { dashboards } from './dashboards'
import { looks } from './looks'
import { manage } from './manage'
import { imports } from './imports'
import { integrations } from './integrations'
import { records } from './records'
import { tenant } from './tenant'
import { ops } from './ops'
import { opsQuarantine } from './opsQuarantine'

/** Les textes des autres vues. */
export const rest = {
  ...dashboards,
  ...looks,
  ...manage,
  ...imports,
  ...integrations,
  ...records,
  ...tenant,
  ...ops,
  ...opsQuarantine,
} as const
