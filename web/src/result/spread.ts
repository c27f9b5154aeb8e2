/** A name beside the chart, at the height that it is wished at. */
export type EndLabel = { key: string; label: string; token: string; y: number; strong: boolean }

/** Moves labels apart so that none covers another, each as near to its wish as there is room; in order from top to bottom. */
export function spread(labels: EndLabel[], line: number, height: number): EndLabel[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y)
  if (sorted.length * line > height) return thinned(sorted, Math.max(1, Math.floor(height / line)), line, height)
  const placed = sorted.map((label) => ({ ...label }))
  let floor = line / 2
  for (const label of placed) {
    label.y = Math.max(label.y, floor)
    floor = label.y + line
  }
  let ceiling = height - line / 2
  for (const label of placed.reverse()) {
    label.y = Math.min(label.y, ceiling)
    ceiling = label.y - line
  }
  return placed.reverse()
}

/** Where there is no room for all, the tooltip and the table name the others. */
function thinned(sorted: EndLabel[], most: number, line: number, height: number): EndLabel[] {
  const step = sorted.length / most
  return spread(sorted.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step)).slice(0, most), line, height)
}
