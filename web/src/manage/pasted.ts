import { newKey, type OptionForm } from './form'

/** What a pasted text adds to the options: the new ones, and values that were there already or occur twice. */
export type Pasted = { added: OptionForm[]; repeated: string[] }

/** One option per line: `value`, or `value<TAB>label`, as copied from a spreadsheet. */
export function readPasted(text: string, options: readonly OptionForm[]): Pasted {
  const known = new Set(options.map((option) => option.value))
  const added: OptionForm[] = []
  const repeated: string[] = []
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [value = '', label = ''] = line.split('\t').map((cell) => cell.trim())
    if (value === '') continue
    if (known.has(value)) {
      if (!repeated.includes(value)) repeated.push(value)
      continue
    }
    known.add(value)
    added.push({ key: newKey(), stored: false, named: true, value, label: label === '' ? value : label })
  }
  return { added, repeated }
}
