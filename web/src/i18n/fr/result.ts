import type { result as en } from '../en/result'

export const result: Record<keyof typeof en, string> = {
}
