import type { Messages } from '..'
import { core } from './core'
import { rest } from './rest'

/** Tous les textes, par domaine. */
export const fr: Messages = { ...core, ...rest }
