import { Popover } from '@mantine/core'
import { useId, useState, type ReactElement, type ReactNode } from 'react'
import type { CatalogBody } from '../api/query'
import { useT } from '../i18n/useT'
import { folded, indexOf, type FieldInfo } from '../report/fields'
import { TypeGlyph } from '../shared/Icon'
import { SearchInput } from '../shared/inputs'

/** Chooses a field of the base object, or of the contact where it can be joined, or a formula. `children` opens the list. */
export function FieldMenu({ catalog, base, formulas = [], onPick, accept = () => true, children }: {
  catalog: CatalogBody
  base: string
  formulas?: FieldInfo[]
  onPick: (field: FieldInfo) => void
  accept?: (field: FieldInfo) => boolean
  children: (props: { onClick: () => void; 'aria-expanded': boolean }) => ReactElement
}): ReactNode {
  const t = useT()
  const [open, setOpen] = useState(false)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={280} trapFocus returnFocus>
      <Popover.Target>{children({ onClick: () => setOpen(!open), 'aria-expanded': open })}</Popover.Target>
      <Popover.Dropdown aria-label={t('filters.pick')}>
        <FieldList {...{ catalog, base, formulas, accept }} onPick={(field) => { setOpen(false); onPick(field) }} />
      </Popover.Dropdown>
    </Popover>
  )
}

function FieldList({ catalog, base, formulas, accept, onPick }: { catalog: CatalogBody; base: string; formulas: FieldInfo[]; accept: (field: FieldInfo) => boolean; onPick: (field: FieldInfo) => void }) {
  const t = useT()
  const heading = useId()
  const [search, setSearch] = useState('')
  const { explores, fields } = indexOf(catalog)
  const explore = explores.get(base)
  const objects = explore === undefined ? [] : [explore, ...explore.joinable.flatMap((name) => explores.get(name) ?? [])]
  const wanted = folded(search)
  const offered = [
    ...objects.map(({ object, label, dimensions }) => ({ object, label, fields: dimensions.flatMap(({ name }) => fields.get(name) ?? []) })),
    { object: '-formulas', label: t('filters.pick.formulas'), fields: formulas },
  ]
  const groups = offered.map((group) => ({
    ...group,
    found: group.fields.filter((field) => accept(field) && (folded(field.label).includes(wanted) || field.name.includes(wanted))),
  }))
  return (
    <div className="fieldlist">
      <SearchInput label={t('filters.pick.search')} value={search} onChange={setSearch} data-autofocus />
      <div className="fieldlistbody">
        {groups.filter(({ found }) => found.length > 0).map(({ object, label, found }) => (
          <div key={object} role="group" aria-labelledby={`${heading}-${object}`}>
            <p className="grp" id={`${heading}-${object}`}>{label}</p>
            {found.map((field) => (
              <button key={field.name} type="button" className="fld" onClick={() => onPick(field)}>
                <TypeGlyph type={field.type} /><span className="grow trunc">{field.label}</span>
              </button>
            ))}
          </div>
        ))}
        {groups.every(({ found }) => found.length === 0) ? <p className="mut s12">{t('filters.pick.none', { text: search })}</p> : null}
      </div>
    </div>
  )
}
