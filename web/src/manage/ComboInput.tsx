import { Autocomplete } from '@mantine/core'
import { Field } from '../shared/inputs'
import { fold } from '../shared/slug'

export type Choice = { value: string; name: string }

const MOST = 60

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
  const names = new Map(choices.map((choice) => [choice.value, choice.name]))
  return (
    <Field {...{ id, label, error, hint, className }}>
      {(tied) => (
        <Autocomplete
          {...tied}
          value={value}
          onChange={onChange}
          onBlur={onBlur}
          readOnly={readOnly}
          placeholder={placeholder}
          data={choices.map((choice) => choice.value)}
          filter={({ search }) => matching(choices, search).map((choice) => ({ value: choice.value, label: choice.value }))}
          renderOption={({ option }) => (
            <span className="row comboption"><span className="mono">{option.value}</span><span className="mut">{names.get(option.value)}</span></span>
          )}
          maxDropdownHeight={280}
          classNames={{ input: `inp ${error ? 'err' : ''} ${readOnly ? 'ro' : ''}` }}
          comboboxProps={{ withinPortal: false, shadow: 'none', transitionProps: { duration: 0 } }}
        />
      )}
    </Field>
  )
}
