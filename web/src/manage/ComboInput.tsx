import { Combobox, useCombobox } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { Field } from '../shared/inputs'
import { fold } from '../shared/slug'

export type Choice = { value: string; name: string }

// As many as are seen without scrolling: who types more sees fewer.
const MOST = 8

/** The choices that a text means, by value or name. With a choice entered, all are offered, that one first. */
export function matching(choices: readonly Choice[], text: string): Choice[] {
  const chosen = choices.find((choice) => choice.value === text)
  if (chosen !== undefined) return [chosen, ...choices.filter((choice) => choice !== chosen)].slice(0, MOST)
  const words = fold(text).split(/[\s/_]+/).filter(Boolean)
  const rank = (choice: Choice) => (fold(choice.value).startsWith(words[0] ?? '') ? 0 : 1)
  return choices
    .filter((choice) => words.every((word) => fold(`${choice.value} ${choice.name}`).includes(word)))
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, MOST)
}

/** A text with suggestions to choose from: codes and long lists. What is typed counts, whether it is one of them or not. */
export function ComboInput({ id, label, value, onChange, choices, error, hint, className, onBlur, placeholder, readOnly = false }: {
  id?: string
  label: string
  value: string
  onChange: (value: string) => void
  choices: readonly Choice[]
  error?: string | null
  hint?: string
  className?: string
  onBlur?: () => void
  placeholder?: string
  readOnly?: boolean
}) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const found = combobox.dropdownOpened ? matching(choices, value) : []
  const input = useRef<HTMLInputElement>(null)
  // Mantine still names the option that was chosen last, also when what is typed now has taken it out of the list.
  useEffect(() => {
    const named = input.current?.getAttribute('aria-activedescendant')
    if (named && document.getElementById(named) === null) input.current?.removeAttribute('aria-activedescendant')
  })
  const open = () => {
    if (!readOnly) combobox.openDropdown()
  }
  return (
    <Field {...{ id, label, error, hint, className }}>
      {(tied) => (
        <Combobox store={combobox} withinPortal={false} shadow="none" transitionProps={{ duration: 0 }} onOptionSubmit={(chosen) => {
          onChange(chosen)
          combobox.closeDropdown()
        }}>
          <Combobox.Target>
            <input {...tied} ref={input} className={`inp ${error ? 'err' : ''} ${readOnly ? 'ro' : ''}`} value={value} readOnly={readOnly} placeholder={placeholder} spellCheck={false}
              onClick={open}
              onBlur={() => {
                combobox.closeDropdown()
                onBlur?.()
              }}
              onChange={(event) => {
                onChange(event.target.value)
                open()
                combobox.resetSelectedOption()
              }} />
          </Combobox.Target>
          <Combobox.Dropdown hidden={found.length === 0}>
            <Combobox.Options aria-label={label}>
              {found.map((choice) => (
                <Combobox.Option key={choice.value} value={choice.value}>
                  <span className="row comboption"><span className="mono">{choice.value}</span><span className="mut">{choice.name}</span></span>
                </Combobox.Option>
              ))}
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
      )}
    </Field>
  )
}
