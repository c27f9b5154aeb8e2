import type { FieldType } from '../api/schema'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { TypeGlyph } from '../shared/Icon'
import { FieldError } from '../shared/inputs'
import { freeSlug, slugify } from '../shared/slug'
import type { NewColumn, NewObject, NewObjectProblem } from './newObject'

const TYPES: FieldType[] = ['text', 'textarea', 'number', 'currency', 'date', 'datetime', 'dropdown', 'multiselect', 'boolean']
const ROLES = ['record', 'contact', 'none'] as const

/** What each column becomes: the record's id, the contact, or a field with a type. */
export function NewColumns({ fresh, problems, onEdit }: { fresh: NewObject; problems: NewObjectProblem[]; onEdit: (fresh: NewObject) => void }) {
  const t = useT()
  const change = (index: number, changed: Partial<NewColumn>) =>
    onEdit({ ...fresh, columns: fresh.columns.map((column, at) => (at === index ? { ...column, ...changed } : column)) })
  const wrong = problems.find((problem) => problem.at === 'columns')
  return (
    <div id="new-columns" tabIndex={-1}>
      <h3>{t('imports.new.columns')}</h3>
      <p className="s13 sub">{t('imports.new.columnsText')}</p>
      {wrong === undefined ? null : <FieldError text={t(`imports.new.error.${wrong.code}` as MessageId)} />}
      <div className="card importscroll importmap" tabIndex={0} role="group" aria-label={t('imports.new.columns')}>
        <table className="t tall">
          <caption className="vh">{t('imports.new.columns')}</caption>
          <thead><tr><th scope="col">{t('imports.map.column')}</th><th scope="col">{t('imports.new.becomes')}</th><th scope="col">{t('imports.new.label')}</th></tr></thead>
          <tbody>
            {fresh.columns.map((column, index) => (
              <ColumnRow key={`${column.header}${index}`} column={column} index={index} problem={problems.find((one) => one.at === `column.${index}`)} taken={others(fresh, index)} onChange={(changed) => change(index, changed)} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

const others = (fresh: NewObject, index: number) => new Set(fresh.columns.filter((_, at) => at !== index).map((column) => column.slug))

function ColumnRow({ column, index, problem, taken, onChange }: {
  column: NewColumn
  index: number
  problem: NewObjectProblem | undefined
  taken: ReadonlySet<string>
  onChange: (changed: Partial<NewColumn>) => void
}) {
  const t = useT()
  const named = column.role === 'field' || column.role === 'contact'
  const choose = (value: string) => onChange(value.startsWith('+') ? { role: value.slice(1) as NewColumn['role'] } : { role: 'field', type: value as FieldType })
  const label = (text: string) => onChange({ label: text, slug: freeSlug(slugify(text) || `column_${index + 1}`, taken) })
  const error = problem === undefined ? undefined : `new-column-${index}-error`
  return (
    <tr>
      <th scope="row"><span className="trunc">{column.header}</span></th>
      <td>
        <div className="row">
          {column.role === 'field' ? <TypeGlyph type={column.type} /> : null}
          <select className="inp" aria-label={t('imports.new.becomesOf', { column: column.header })} value={column.role === 'field' ? column.type : `+${column.role}`} onChange={(event) => choose(event.target.value)}>
            <optgroup label={t('imports.new.field')}>{TYPES.map((type) => <option key={type} value={type}>{t(`common.type.${type}` as MessageId)}</option>)}</optgroup>
            <optgroup label={t('imports.new.other')}>{ROLES.map((role) => <option key={role} value={`+${role}`}>{t(`imports.new.role.${role}`)}</option>)}</optgroup>
          </select>
          {column.role === 'field' && column.type === 'currency' ? (
            <input className="inp importcurrency" aria-label={t('imports.new.currencyOf', { column: column.header })} placeholder="USD" maxLength={3} value={column.currency} onChange={(event) => onChange({ currency: event.target.value.toUpperCase() })} />
          ) : null}
        </div>
      </td>
      <td>
        {named ? (
          <input
            id={`new-column-${index}`} className={`inp ${problem === undefined ? '' : 'err'}`} aria-label={t('imports.new.labelOf', { column: column.header })} value={column.label}
            aria-invalid={problem === undefined ? undefined : true} aria-describedby={error} onChange={(event) => label(event.target.value)}
          />
        ) : <span className="s12 mut">{t(column.role === 'record' ? 'imports.new.isId' : 'imports.new.left')}</span>}
        {problem === undefined ? null : <FieldError id={error} text={t(`imports.new.error.${problem.code}` as MessageId)} />}
      </td>
    </tr>
  )
}
