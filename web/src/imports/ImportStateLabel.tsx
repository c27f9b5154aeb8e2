import type { PastImportBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'

/** What became of an import, with a sign and in words. */
export function ImportStateLabel({ past }: { past: PastImportBody }) {
  const t = useT()
  const formats = useFormats()
  switch (past.state) {
    case 'running':
      return <span className="state info"><Icon name="hourglass" />{t('imports.state.running', { rows: formats.number(past.rows) })}</span>
    case 'undoing':
      return <span className="state info"><Icon name="hourglass" />{t('imports.state.undoing')}</span>
    case 'undone':
      return <span className="state off"><Icon name="undo" />{t('imports.state.undone', { count: past.deleted ?? 0 })}</span>
    case 'failed':
      return <span className="state bad"><Icon name="alert" />{t('imports.state.failed')}</span>
    default:
      return past.refused > 0
        ? <span className="state warn"><Icon name="warning" />{t('imports.state.refused', { count: past.refused })}</span>
        : <span className="state ok"><Icon name="checkCircle" />{t('imports.state.done')}</span>
  }
}
