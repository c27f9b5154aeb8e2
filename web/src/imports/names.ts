import { fold } from '../shared/slug'

/** What people see, from a header or file name: `order-total_eur` becomes `Order total eur`. */
export function labelOf(text: string): string {
  const words = text.replace(/[_\-.]+/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2').replace(/\s+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A name as it is compared: without case, accents, spaces and signs. */
export const folded = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]+/gu, '')
