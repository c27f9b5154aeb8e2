import type { ops as en } from '../en/ops'

export const ops: Record<keyof typeof en, string> = {
}
