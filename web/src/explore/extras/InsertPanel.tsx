import { useState } from 'react'
import { useT } from '../../i18n/useT'
import { folded } from '../../report/fields'
import { Icon, TypeGlyph } from '../../shared/Icon'
import { SearchInput } from '../../shared/inputs'
import type { Choice, Named } from './completion'
import type { FunctionInfo } from './functions'

/** All that an expression can be made of, each a click away. */
export function InsertPanel({ title, names, functions, onPut }: { title: string; names: readonly Named[]; functions: readonly FunctionInfo[]; onPut: (choice: Choice) => void }) {
  const t = useT()
  const [search, setSearch] = useState('')
  const wanted = folded(search)
  const found = names.filter(({ name, label }) => folded(label).includes(wanted) || name.includes(wanted))
  const called = functions.filter(({ name, help }) => name.includes(wanted) || folded(t(help)).includes(wanted))
  return (
    <section className="xinsert" aria-label={t('extras.insert')}>
      <SearchInput label={t('extras.insert.search')} value={search} onChange={setSearch} />
      <div className="xcols">
        <div role="group" aria-label={title} className="xcol" tabIndex={-1}>
          <p className="grp">{title}</p>
          {found.map((named) => (
            <button key={named.name} type="button" className={`fld ${named.kind === 'dimension' ? '' : 'm'}`} onClick={() => onPut({ kind: 'name', name: named.name, of: named })}>
              <TypeGlyph type={named.type} /><span className="grow trunc">{named.label}</span><Icon name="plus" className="xplus" />
            </button>
          ))}
          {found.length === 0 ? <p className="mut s12 xnone">{t('filters.pick.none', { text: search })}</p> : null}
        </div>
        <div role="group" aria-label={t('extras.insert.functions')} className="xcol" tabIndex={-1}>
          <p className="grp">{t('extras.insert.functions')}</p>
          {called.map((info) => (
            <button key={info.name} type="button" className="fld xfn" onClick={() => onPut({ kind: 'function', name: info.name, of: info })}>
              <span className="grow"><span className="mono">{info.signature}</span><small>{t(info.help)}</small></span><Icon name="plus" className="xplus" />
            </button>
          ))}
        </div>
      </div>
    </section>
  )
}
