import { core } from './core'
import { rest } from './rest'

/** All texts, by area: ids begin with the area's name. */
export const en = { ...core, ...rest } as const
