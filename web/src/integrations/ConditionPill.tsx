import { useT } from '../i18n/useT'
import { Icon, type IconName } from '../shared/Icon'
import type { Condition } from './cards'

const SIGNS: Record<Condition, { icon: IconName; tone: string }> = {
  ok: { icon: 'checkCircle', tone: 'ok' },
  waiting: { icon: 'hourglass', tone: 'acc' },
  warning: { icon: 'warning', tone: 'warn' },
  broken: { icon: 'alert', tone: 'bad' },
}

/** How a connection is, with a sign and in a word. */
export function ConditionPill({ condition }: { condition: Condition }) {
  const t = useT()
  const { icon, tone } = SIGNS[condition]
  return <span className={`pill ${tone}`}><Icon name={icon} />{t(`integrations.condition.${condition}`)}</span>
}
