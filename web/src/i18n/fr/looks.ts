import type { looks as en } from '../en/looks'

export const looks: Record<keyof typeof en, string> = {
}
