import { useId, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useT } from '../../i18n/useT'
import { Icon, TypeGlyph } from '../../shared/Icon'
import { FieldError } from '../../shared/inputs'
import { complete, completionAt, type Choice, type Named } from './completion'
import { EXPRESSION_MAX, tokensOf, type Span } from './expression'
import type { FunctionInfo } from './functions'
import type { Expression } from './useExpression'

/** What is wrong with an expression, and where: the service's own sentence. */
export type Mistake = { message: string; span: Span | null; suggestion: string | null }

/** A text area for an expression: names are marked, mistakes underlined where they are, and words completed. It stays a
 * text box with a list of suggestions: browsers' text areas of several lines cannot be combo boxes. */
export function ExpressionEditor({ id, label, expression, names, functions, mistake, hint, status }: {
  id: string
  label: string
  expression: Expression
  names: readonly Named[]
  functions: readonly FunctionInfo[]
  mistake: Mistake | null
  hint: string
  /** What is known of an expression without a mistake. */
  status: ReactNode
}) {
  const t = useT()
  const list = useId()
  const [asked, setAsked] = useState<'closed' | 'typing' | 'asked'>('closed')
  const [active, setActive] = useState(0)
  const { text, caret } = expression
  const completion = useMemo(
    () => (asked === 'closed' ? null : completionAt(text, caret, names, functions, asked === 'asked')),
    [asked, caret, functions, names, text],
  )
  const chosen = completion?.choices[active]
  const accept = (choice: Choice) => {
    if (completion === null) return
    expression.replace(complete(text, completion, choice))
    setAsked('closed')
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault()
      setActive(0)
      setAsked('asked')
      return
    }
    if (completion === null || chosen === undefined) return
    const count = completion.choices.length
    if (event.key === 'ArrowDown') setActive((active + 1) % count)
    else if (event.key === 'ArrowUp') setActive((active + count - 1) % count)
    else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || (event.key === 'Tab' && !event.shiftKey)) accept(chosen)
    else if (event.key === 'Escape') setAsked('closed')
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const open = completion !== null
  return (
    <div className="field xedit">
      <label className="lab" htmlFor={id}>{label}</label>
      <div className="xbox">
        <Marks text={text} names={names} span={mistake?.span ?? null} />
        <textarea
          id={id}
          ref={expression.area}
          className={`inp mono ${mistake === null ? '' : 'err'}`}
          rows={3}
          maxLength={EXPRESSION_MAX}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={text}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={open ? list : undefined}
          aria-activedescendant={open ? `${list}-${active}` : undefined}
          aria-invalid={mistake === null ? undefined : true}
          aria-describedby={`${id}-hint${mistake === null ? '' : ` ${id}-error`}`}
          // Mantine's dialogs close on Escape unless the focused element says that it keeps the key.
          data-mantine-stop-propagation={open ? 'true' : undefined}
          onChange={(event) => {
            setActive(0)
            setAsked('typing')
            expression.typed({ text: event.target.value, caret: event.target.selectionStart })
          }}
          onSelect={(event) => {
            const at = event.currentTarget.selectionStart
            if (at !== caret) expression.typed({ text: event.currentTarget.value, caret: at })
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setAsked('closed')}
        />
        {completion === null ? null : (
          <ul className="xlist" id={list} role="listbox" aria-label={t('extras.suggestions')}>
            {completion.choices.map((choice, index) => (
              <ChoiceRow key={`${choice.kind}${choice.name}`} id={`${list}-${index}`} choice={choice} active={index === active} onChoose={() => accept(choice)} />
            ))}
          </ul>
        )}
      </div>
      <p className="vh" role="status">{completion === null ? '' : t('extras.suggestions.count', { count: completion.choices.length })}</p>
      <p className="hint" id={`${id}-hint`}>{hint}</p>
      <div className="xstatus">
        {mistake === null ? status : (
          <>
            <FieldError id={`${id}-error`} text={mistake.message} />
            <MistakeHelp {...{ mistake, expression }} />
          </>
        )}
      </div>
    </div>
  )
}

function ChoiceRow({ id, choice, active, onChoose }: { id: string; choice: Choice; active: boolean; onChoose: () => void }) {
  const t = useT()
  return (
    <li
      id={id}
      role="option"
      aria-selected={active}
      className={choice.kind === 'name' && choice.of.kind !== 'dimension' ? 'm' : ''}
      ref={(node) => { if (active) node?.scrollIntoView?.({ block: 'nearest' }) }}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      {choice.kind === 'name' ? <TypeGlyph type={choice.of.type} /> : <Icon name="sigma" className="g" />}
      <span className="xname">{choice.kind === 'name' ? choice.of.label : <span className="mono">{choice.of.signature}</span>}</span>
      <span className="mut s12 grow trunc">{choice.kind === 'name' ? <span className="mono">{choice.name}</span> : t(choice.of.help)}</span>
    </li>
  )
}

/** One click away: the place of the mistake, and what was probably meant. */
function MistakeHelp({ mistake, expression }: { mistake: Mistake; expression: Expression }) {
  const t = useT()
  const { span, suggestion } = mistake
  if (span === null) return null
  const replaced = suggestion === null || span.from === span.to ? null : suggestion
  return (
    <p className="row wrap xhelp">
      {replaced === null ? null : (
        <button
          type="button"
          className="btn xs"
          onClick={() => expression.replace({ text: expression.text.slice(0, span.from) + replaced + expression.text.slice(span.to), caret: span.from + replaced.length })}
        >
          {t('extras.mistake.use', { text: replaced })}
        </button>
      )}
      <button type="button" className="btn ghost xs" onClick={() => expression.replace({ text: expression.text, caret: span.from })}>{t('extras.mistake.show')}</button>
    </p>
  )
}

/** Behind the text: its names in their colours, and a wave below the mistake. */
function Marks({ text, names, span }: { text: string; names: readonly Named[]; span: Span | null }) {
  const parts: { text: string; at: number; kind: string }[] = []
  let from = 0
  for (const token of tokensOf(text)) {
    if (token.at > from) parts.push({ text: text.slice(from, token.at), at: from, kind: '' })
    const plain = token.kind === 'bracket' ? token.text.slice(1, -1).replaceAll(']]', ']') : token.text
    const named = token.kind === 'word' || token.kind === 'bracket' ? names.find((found) => found.name === plain) : undefined
    parts.push({ text: token.text, at: token.at, kind: named === undefined ? '' : named.kind === 'dimension' ? 'dim' : 'mea' })
    from = token.at + token.text.length
  }
  parts.push({ text: text.slice(from), at: from, kind: '' })
  const wrong = (at: number, length: number) => span !== null && length > 0 && at < span.to && at + length > span.from
  return (
    <div className="xmarks mono" aria-hidden="true">
      {parts.map((part) => <span key={part.at} className={`${part.kind} ${wrong(part.at, part.text.length) ? 'wrong' : ''}`}>{part.text}</span>)}
      {span !== null && span.from === span.to ? <span className="wrong">{' '}</span> : null}
      {'\u200b'}
    </div>
  )
}
