import { common } from './common'
import { shell } from './shell'
import { explore } from './explore'
import { extras } from './extras'
import { filters } from './filters'
import { result } from './result'
import { first } from './first'

/** The texts of the frame and of Custom reports: what the first chart needs. */
export const core = {
  ...common,
  ...shell,
  ...explore,
  ...extras,
  ...filters,
  ...result,
  ...first,
} as const
