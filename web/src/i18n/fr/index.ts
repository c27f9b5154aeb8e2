import type { Messages } from '..'
import { common } from './common'
import { shell } from './shell'
import { explore } from './explore'
import { extras } from './extras'
import { filters } from './filters'
import { result } from './result'
import { dashboards } from './dashboards'
import { looks } from './looks'
import { manage } from './manage'
import { imports } from './imports'
import { integrations } from './integrations'
import { records } from './records'
import { tenant } from './tenant'
import { ops } from './ops'
import { first } from './first'

/** Tous les textes, par domaine. */
export const fr: Messages = {
  ...common,
  ...shell,
  ...explore,
  ...extras,
  ...filters,
  ...result,
  ...dashboards,
  ...looks,
  ...manage,
  ...imports,
  ...integrations,
  ...records,
  ...tenant,
  ...ops,
  ...first,
}
