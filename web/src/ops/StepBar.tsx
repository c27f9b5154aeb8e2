import type { StepTime } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { inParts, PARTS, type Part } from './steps'

/** The steps of a run as one bar, whose full width is the longest run that is shown. */
export function StepBar({ steps, longest, failed }: { steps: readonly StepTime[]; longest: number; failed: boolean }) {
  const t = useT()
  const formats = useFormats()
  const parts = inParts(steps)
  const words = parts.map(({ part, seconds }) => `${t(`ops.part.${part}`)} ${formats.duration(seconds)}`).join(', ')
  return (
    <span className="opssteps" role="img" aria-label={words === '' ? t('ops.runs.noSteps') : words} title={words}>
      {parts.map(({ part, seconds }) => <i key={part} className={part} style={{ width: `${longest === 0 ? 0 : (seconds / longest) * 92}%` }} />)}
      {failed ? <Icon name="close" className="opscross" /> : null}
    </span>
  )
}

/** What the colours of the bars mean. */
export function StepLegend({ shown }: { shown: ReadonlySet<Part> }) {
  const t = useT()
  return (
    <ul className="opslegend">
      {PARTS.filter((part) => part !== 'other' || shown.has(part)).map((part) => <li key={part}><i className={part} aria-hidden="true" />{t(`ops.part.${part}`)}</li>)}
    </ul>
  )
}
