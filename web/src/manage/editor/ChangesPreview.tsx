import { useState } from 'react'
import type { PreviewBody } from '../../api/schema'
import { useRich, useT } from '../../i18n/useT'
import { Icon } from '../../shared/Icon'
import { changeWords } from '../changeWords'
import type { ObjectForm } from '../form'
import { ImpactList } from './ImpactList'
import { usePartLabel } from './labels'

/** What saving would change, in words, and which saved reports lose something by it. */
export function ChangesPreview({ preview, current, base, form }: { preview: PreviewBody; current: boolean; base: ObjectForm; form: ObjectForm }) {
  const t = useT()
  const rich = useRich()
  const labelOf = usePartLabel(base)
  const [open, setOpen] = useState(false)
  const words = changeWords(preview.changes, base, form)
  const losing = preview.impact.length > 0
  if (words.length === 0) return null
  const expanded = open || losing
  return (
    <div className="changes" aria-busy={!current}>
      <button type="button" className="changeshead s12" aria-expanded={expanded} onClick={() => setOpen(!expanded)}>
        <Icon name={expanded ? 'chevronDown' : 'chevronRight'} />
        <span role="status">{t('manage.changes.title', { count: words.length })}</span>
      </button>
      {expanded ? (
        <div className="changesbody">
          <ul className="s12">
            {words.map(({ id, values, loss }) => (
              <li key={`${id} ${values.name} ${values.place}`} className={loss ? 'loss' : ''}>
                <Icon name={loss ? 'minus' : id.endsWith('added') ? 'plus' : 'edit'} />
                <span>{rich(id, { ...values, b: (chunks) => <b>{chunks}</b> })}</span>
              </li>
            ))}
          </ul>
          {losing ? <ImpactList impact={preview.impact} labelOf={labelOf} /> : null}
        </div>
      ) : null}
    </div>
  )
}
