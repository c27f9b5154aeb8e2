import type { records as en } from '../en/records'

export const records: Record<keyof typeof en, string> = {
}
