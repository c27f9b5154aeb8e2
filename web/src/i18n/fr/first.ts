import type { first as en } from '../en/first'

export const first: Record<keyof typeof en, string> = {
}
