import { common } from './common'
import { shell } from './shell'
import { explore } from './explore'
import { extras } from './extras'
import { filters } from './filters'
import { result } from './result'
import { first } from './first'

/** Les textes du cadre et des rapports personnalisés. */
export const core = {
  ...common,
  ...shell,
  ...explore,
  ...extras,
  ...filters,
  ...result,
  ...first,
} as const
