import type { dashboards as en } from '../en/dashboards'

export const dashboards: Record<keyof typeof en, string> = {
}
