import { dashboards } from './dashboards'
import { looks } from './looks'
import { manage } from './manage'
import { imports } from './imports'
import { integrations } from './integrations'
import { records } from './records'
import { tenant } from './tenant'
import { ops } from './ops'
import { opsQuarantine } from './opsQuarantine'

/** The texts of all other views. */
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
