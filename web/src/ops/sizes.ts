import type { useT } from '../i18n/useT'
import type { Formats } from '../shared/formats'

/** A number of bytes as people read it: 3.2 MiB. */
export function sizeText(bytes: number, formats: Formats, t: ReturnType<typeof useT>): string {
  const rounded = (value: number) => formats.number(Math.round(value * 10) / 10)
  if (bytes < 1024) return t('ops.size.bytes', { size: formats.number(bytes) })
  if (bytes < 1024 * 1024) return t('ops.size.kib', { size: rounded(bytes / 1024) })
  return t('ops.size.mib', { size: rounded(bytes / 1024 / 1024) })
}
