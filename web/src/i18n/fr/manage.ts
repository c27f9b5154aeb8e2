import type { manage as en } from '../en/manage'

export const manage: Record<keyof typeof en, string> = {
}
