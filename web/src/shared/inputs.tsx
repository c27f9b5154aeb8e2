import { useId, type ComponentProps, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { Icon } from './Icon'

/** What is wrong with a field, in one sentence with an example. Stands below the field. */
export function FieldError({ id, text }: { id?: string; text: string }) {
  return <p className="errtext" id={id}><Icon name="alert" /><span>{text}</span></p>
}

type Common = { id?: string; label: string; error?: string | null; hint?: ReactNode; hideLabel?: boolean; className?: string }

/** Label, control, hint and error, tied together for assistive technology. */
export function Field({ id: given, label, error, hint, hideLabel = false, className = '', children }: Common & {
  children: (props: { id: string; 'aria-invalid'?: true; 'aria-describedby'?: string }) => ReactNode
}) {
  const made = useId()
  const id = given ?? made
  const described = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ')
  return (
    <div className={`field ${className}`}>
      <label className={hideLabel ? 'vh' : 'lab'} htmlFor={id}>{label}</label>
      {children({ id, ...(error ? { 'aria-invalid': true } : {}), ...(described === '' ? {} : { 'aria-describedby': described }) })}
      {hint ? <p className="hint" id={`${id}-hint`}>{hint}</p> : null}
      {error ? <FieldError id={`${id}-error`} text={error} /> : null}
    </div>
  )
}

/** One line of text. */
export function TextInput({ label, error, hint, hideLabel, className, onChange, ...rest }: Common & Omit<ComponentProps<'input'>, 'onChange'> & { onChange: (value: string) => void }) {
  return (
    <Field {...{ id: rest.id, label, error, hint, hideLabel, className }}>
      {(tied) => (
        <input {...rest} {...tied} className={`inp ${error ? 'err' : ''} ${rest.readOnly ? 'ro' : ''}`} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  )
}

/** Several lines of text. */
export function TextArea({ label, error, hint, hideLabel, className, onChange, ...rest }: Common & Omit<ComponentProps<'textarea'>, 'onChange'> & { onChange: (value: string) => void }) {
  return (
    <Field {...{ id: rest.id, label, error, hint, hideLabel, className }}>
      {(tied) => <textarea {...rest} {...tied} className={`inp ${error ? 'err' : ''}`} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  )
}

/** One of few choices: the browser's own select, which every device and reader knows. */
export function SelectInput({ label, error, hint, hideLabel, className, options, onChange, ...rest }: Common & Omit<ComponentProps<'select'>, 'onChange'> & {
  options: readonly { value: string; label: string; disabled?: boolean }[]
  onChange: (value: string) => void
}) {
  return (
    <Field {...{ id: rest.id, label, error, hint, hideLabel, className }}>
      {(tied) => (
        <select {...rest} {...tied} className={`inp ${error ? 'err' : ''}`} onChange={(event) => onChange(event.target.value)}>
          {options.map((option) => <option key={option.value} value={option.value} disabled={option.disabled}>{option.label}</option>)}
        </select>
      )}
    </Field>
  )
}

/** A box to tick, with its words. */
export function Checkbox({ label, checked, onChange, hint, ...rest }: { label: ReactNode; checked: boolean; onChange: (checked: boolean) => void; hint?: ReactNode } & Omit<ComponentProps<'input'>, 'onChange' | 'checked'>) {
  return (
    <label className="checkline">
      <input {...rest} type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}{hint ? <span className="hint"> {hint}</span> : null}</span>
    </label>
  )
}

/** Something that is on or off at once. */
export function Switch({ label, on, onChange, hideLabel = false }: { label: string; on: boolean; onChange: (on: boolean) => void; hideLabel?: boolean }) {
  return (
    <button type="button" role="switch" aria-checked={on} aria-label={hideLabel ? label : undefined} className={`switch ${on ? 'on' : ''}`} onClick={() => onChange(!on)}>
      <i aria-hidden="true" />{hideLabel ? null : label}
    </button>
  )
}

/** A search box. */
export function SearchInput({ label, value, onChange, ...rest }: { label: string; value: string; onChange: (value: string) => void } & Omit<ComponentProps<'input'>, 'onChange' | 'value'>) {
  return (
    <span className="inp">
      <Icon name="search" />
      <input {...rest} type="search" aria-label={label} placeholder={label} value={value} onChange={(event) => onChange(event.target.value)} />
    </span>
  )
}

/** All problems of a form, above it; each leads to its field (`onJump` opens what hides it). It takes the focus when it
 * appears. */
export function ErrorSummary({ title, errors, onJump }: { title: string; errors: readonly { id?: string; text: string }[]; onJump?: (id: string) => void }) {
  if (errors.length === 0) return null
  return (
    <div className="notice bad" role="alert" tabIndex={-1} ref={takeFocus}>
      <Icon name="alert" />
      <div className="grow">
        <p className="strong">{title}</p>
        <ul className="errlist">
          {errors.map((error) => (
            <li key={`${error.id}${error.text}`}>
              {error.id === undefined ? error.text : <a href={`#${error.id}`} onClick={(event) => jump(event, error.id ?? '', onJump)}>{error.text}</a>}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

// Outside of the component: a new function would be called, and take the focus, at every rendering.
function takeFocus(node: HTMLElement | null): void {
  node?.focus()
}

function jump(event: { preventDefault: () => void }, id: string, onJump?: (id: string) => void): void {
  event.preventDefault()
  if (onJump !== undefined) flushSync(() => onJump(id))
  document.getElementById(id)?.focus()
}
