import type { tenant as en } from '../en/tenant'

export const tenant: Record<keyof typeof en, string> = {
}
