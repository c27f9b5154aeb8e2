import type { integrations as en } from '../en/integrations'

export const integrations: Record<keyof typeof en, string> = {
}
