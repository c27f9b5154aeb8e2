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

/** All texts, by area: ids begin with the area's name. */
export const en = {
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
} as const
