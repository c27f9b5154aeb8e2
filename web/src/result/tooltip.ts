import type { Palette } from './palette'

/** A line of a tooltip: what, its exact value, and its share where parts add up. */
export type TipLine = { colour: string | null; label: string; value: string; share: string | null; strong?: boolean }

/** User-made text within rich text: its own signs would end the style. */
const safe = (text: string): string => text.replaceAll('{', '❴').replaceAll('}', '❵').replaceAll('\n', ' ')
const short = (text: string): string => (text.length > 28 ? `${text.slice(0, 27)}…` : text)

/** Rich text, so that labels never reach markup. Colours are styles `k0`, `k1`, …. */
export function tipText(title: string, lines: TipLine[]): string {
  const shares = lines.some((line) => line.share !== null)
  const rows = lines.map((line, at) => {
    const mark = line.colour === null ? '{space| }' : `{k${at}| }`
    const style = line.strong === true ? 'total' : 'label'
    return `${mark}{${style}|${safe(short(line.label))}}{value|${safe(line.value)}}${shares ? `{share|${safe(line.share ?? ' ')}}` : ''}`
  })
  return [`{title|${safe(title)}}`, ...rows].join('\n')
}

/** The styles that `tipText` names, and the box around. */
export function tipStyle(palette: Palette, colours: (string | null)[], width: number) {
  const rich: Record<string, object> = {
    title: { color: palette.text, fontSize: 12, fontWeight: 600, lineHeight: 24 },
    label: { color: palette.text, fontSize: 12, lineHeight: 20, width, padding: [0, 0, 0, 8] },
    total: { color: palette.text, fontSize: 12, fontWeight: 600, lineHeight: 22, width, padding: [0, 0, 0, 8] },
    value: { color: palette.text, fontSize: 12, fontWeight: 600, lineHeight: 20, align: 'right', width: 72 },
    share: { color: palette['text-2'], fontSize: 12, lineHeight: 20, align: 'right', width: 56 },
    space: { width: 8, height: 8 },
  }
  colours.forEach((colour, at) => {
    if (colour !== null) rich[`k${at}`] = { backgroundColor: colour, width: 8, height: 8, borderRadius: 2 }
  })
  return {
    renderMode: 'richText' as const,
    backgroundColor: palette.surface,
    borderColor: palette.border,
    borderWidth: 1,
    padding: [8, 12] as [number, number],
    textStyle: { rich },
  }
}

/** Room for the labels of a tooltip, in pixels. */
export const tipWidth = (labels: string[]): number => Math.min(180, Math.max(72, ...labels.map((label) => short(label).length * 6.6 + 12)))
