import { useT } from '../i18n/useT'
import { ProblemNotice } from '../shared/ProblemNotice'

/** The whole page, where not even the sessions can be read. */
export function Unreachable({ error, again }: { error: Error; again: () => void }) {
  const t = useT()
  return (
    <main className="page narrow" id="main" tabIndex={-1}>
      <h1>{t('shell.unreachable')}</h1>
      <ProblemNotice error={error} again={again} />
    </main>
  )
}
