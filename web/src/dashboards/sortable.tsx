import { useMemo, useState } from 'react'
import { folded } from '../report/fields'
import { Icon } from '../shared/Icon'

type Listed = { name: string; description: string; updated_at: string }
type Key = 'name' | 'updated_at'
export type Sorting = { by: Key; descending: boolean }

/** Items whose name or description holds the text, in the chosen order. */
export function useFound<Item extends Listed>(items: Item[] | undefined, text: string, locale: string) {
  const [sorting, setSorting] = useState<Sorting>({ by: 'name', descending: false })
  const found = useMemo(() => listed(items ?? [], text, sorting, locale), [items, text, sorting, locale])
  const sortBy = (by: Key) => setSorting({ by, descending: sorting.by === by ? !sorting.descending : by === 'updated_at' })
  return { found, sorting, sortBy }
}

/** As `useFound`, of values. */
export function listed<Item extends Listed>(items: readonly Item[], text: string, { by, descending }: Sorting, locale: string): Item[] {
  const sought = folded(text.trim())
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' })
  const order = (one: Item, other: Item) => (by === 'name' ? collator.compare(one.name, other.name) : Date.parse(one.updated_at) - Date.parse(other.updated_at))
  return items
    .filter((item) => sought === '' || folded(`${item.name} ${item.description}`).includes(sought))
    .sort((one, other) => (descending ? -order(one, other) : order(one, other)))
}

/** The head of a column by which the list can be sorted. */
export function SortHead({ by, label, sorting, onSort, className }: { by: Key; label: string; sorting: Sorting; onSort: (by: Key) => void; className?: string }) {
  const active = sorting.by === by
  return (
    <th scope="col" className={className} aria-sort={active ? (sorting.descending ? 'descending' : 'ascending') : undefined}>
      <button type="button" onClick={() => onSort(by)}>
        {label}
        {active ? <Icon name={sorting.descending ? 'arrowDown' : 'arrowUp'} /> : null}
      </button>
    </th>
  )
}
