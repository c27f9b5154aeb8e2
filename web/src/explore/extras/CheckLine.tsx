import type { MessageId } from '../../i18n'
import { useT } from '../../i18n/useT'
import { Icon } from '../../shared/Icon'
import { useProblemText } from '../../shared/ProblemNotice'
import type { DryRun } from './useDryRun'

const KNOWN = ['text', 'textarea', 'number', 'integer', 'currency', 'date', 'datetime', 'dropdown', 'boolean']

/** What the service says of an expression: what comes out, that it is being looked at, or that it cannot be asked now. */
export function CheckLine({ run, type, elsewhere }: { run: DryRun; type: string | null; elsewhere: string | null }) {
  const t = useT()
  return (
    <div className="xcheck" role="status">
      {run.failed !== null ? <Failed error={run.failed} /> : run.checking ? (
        <span className="state off"><Icon name="clock" />{t('extras.checking')}</span>
      ) : type !== null ? (
        <span className="state ok"><Icon name="checkCircle" />{t('extras.gives', { type: t((KNOWN.includes(type) ? `extras.gives.${type}` : 'extras.gives.text') as MessageId) })}</span>
      ) : elsewhere !== null ? (
        <span className="state warn xwrap"><Icon name="warning" />{t('extras.elsewhere', { problem: elsewhere })}</span>
      ) : null}
    </div>
  )
}

function Failed({ error }: { error: Error }) {
  return <span className="state warn xwrap"><Icon name="warning" />{useProblemText(error)}</span>
}
