/** Saves a text as a file of the reader. */
export const download = (name: string, text: string, type: string): void => downloadBlob(new Blob([text], { type: `${type};charset=utf-8` }), name)

/** Saves what a service sent as a file of the reader. */
export function downloadBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** A row of a CSV file. A cell that a spreadsheet would take for a formula is kept a text. */
export function csvRow(cells: readonly (string | number | null)[]): string {
  return cells.map((cell) => {
    const text = String(cell ?? '')
    const plain = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
  }).join(',')
}
