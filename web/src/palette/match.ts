import { fold } from '../shared/slug'

/** How well a text fits a search: smaller is better, null does not fit. Case and accents do not matter. */
export function rankOf(search: string, label: string, others: readonly string[] = []): number | null {
  const wanted = fold(search.trim())
  if (wanted === '') return 0
  const text = fold(label)
  if (text === wanted) return 0
  if (text.startsWith(wanted)) return 1
  const words = wanted.split(/\s+/)
  const parts = [text, ...others.map(fold)]
  const starts = (word: string, part: string) => part.startsWith(word) || new RegExp(`[^\\p{L}\\p{N}]${escaped(word)}`, 'u').test(part)
  if (words.every((word) => starts(word, text))) return 2
  if (words.every((word) => parts.some((part) => starts(word, part)))) return 3
  if (words.every((word) => parts.some((part) => part.includes(word)))) return 4
  return wanted.length >= 3 && spread(wanted.replace(/\s+/g, ''), text) ? 5 : null
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Whether the characters occur in this order, the first where a word begins and none far from the one before. */
function spread(wanted: string, text: string): boolean {
  const NEAR = 6
  for (let start = 0; start < text.length; start += 1) {
    if (text[start] !== wanted[0] || (start > 0 && /[\p{L}\p{N}]/u.test(text[start - 1] ?? ''))) continue
    let at = start
    let found = 1
    while (found < wanted.length) {
      const next = text.indexOf(wanted[found] ?? '', at + 1)
      if (next < 0 || next - at > NEAR) break
      at = next
      found += 1
    }
    if (found === wanted.length) return true
  }
  return false
}
