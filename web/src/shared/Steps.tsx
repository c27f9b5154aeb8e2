import { useEffect, useRef, type ReactNode } from 'react'
import { useT } from '../i18n/useT'
import '../styles/steps.css'
import { Icon } from './Icon'

export type StepState = 'now' | 'done' | 'later'

/** Steps one below the other, joined by a line. */
export function Steps({ children }: { children: ReactNode }) {
  return <ol className="steps">{children}</ol>
}

/** One step: its number or, once it is done, a check. `aside` stands at the right of the title. When it is its turn, and what
 * had the focus has gone with the step before, its title has it. */
export function Step({ number, title, text, state, aside, children }: {
  number: number
  title: string
  text?: ReactNode
  state: StepState
  aside?: ReactNode
  children?: ReactNode
}) {
  const t = useT()
  const heading = useRef<HTMLHeadingElement>(null)
  const before = useRef(state)
  useEffect(() => {
    if (state === 'now' && before.current !== 'now' && document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
    before.current = state
  }, [state])
  return (
    <li className={`step ${state}`} aria-current={state === 'now' ? 'step' : undefined}>
      <span className="stepno" aria-hidden="true">{state === 'done' ? <Icon name="check" /> : number}</span>
      <div className="stepbody">
        <div className="row wrap stephead">
          <h2 className="grow" ref={heading} tabIndex={-1}>{title}{state === 'done' ? <span className="vh"> ({t('common.stepDone')})</span> : null}</h2>
          {aside}
        </div>
        {text === undefined ? null : <p className="s13 sub steptext">{text}</p>}
        {children}
      </div>
    </li>
  )
}
