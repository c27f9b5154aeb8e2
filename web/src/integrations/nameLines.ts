/** Names by id as lines. */
export const writeNames = (names: Record<string, string>): string => Object.entries(names).map(([id, name]) => `${id} = ${name}`).join('\n')

/** Names from lines `id = name`, also with a tab, comma or semicolon between; `wrong`: the first line that has none. */
export function readNames(text: string): { names: Record<string, string>; wrong: number | null } {
  const names: Record<string, string> = {}
  let wrong: number | null = null
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return
    const [, id, name] = /^\s*(\d{1,30})\s*[=,;\t]\s*(.+?)\s*$/.exec(line) ?? []
    if (id !== undefined && name !== undefined) names[id] = name
    else wrong ??= index + 1
  })
  return { names, wrong }
}
