import { useT } from '../../i18n/useT'
import type { FieldInfo } from '../../report/fields'
import { valueText } from '../../filters/describe'
import { useFormats } from '../../shared/formats'
import { TextInput } from '../../shared/inputs'
import { edgesOf, type GroupDraft, type How } from './grouping'
import { edgesExample } from './groupText'

const SHOWN = 12

/** Ranges of numbers or days: by edges, with the ranges that they make, or of one width. */
export function RangesEditor({ id, draft, field, how, errorAt, onDraft }: {
  id: string
  draft: GroupDraft
  field: FieldInfo
  how: How
  errorAt: (at: string) => string | null
  onDraft: (draft: GroupDraft) => void
}) {
  const t = useT()
  const formats = useFormats()
  if (how === 'width') {
    return <TextInput id={`${id}-width`} label={t('extras.group.width')} inputMode="decimal" value={draft.width} error={errorAt('width')} onChange={(width) => onDraft({ ...draft, how, width })} />
  }
  const dated = field.type === 'date' || field.type === 'datetime'
  const edges = edgesOf(draft.edges, field.type, formats.locale) ?? []
  const texts = edges.map((edge) => valueText(edge, dated ? { ...field, type: 'date' } : field, formats))
  const ranges = texts.length === 0 ? [] : [
    t('extras.group.below', { to: texts[0] ?? '' }),
    ...texts.slice(1).map((to, at) => t('extras.group.between', { from: texts[at] ?? '', to })),
    t('extras.group.from', { from: texts.at(-1) ?? '' }),
  ]
  return (
    <div className="xstack">
      <TextInput
        id={`${id}-edges`}
        label={t('extras.group.edges')}
        value={draft.edges}
        error={errorAt('edges')}
        hint={t(dated ? 'extras.group.dateEdgesHint' : 'extras.group.edgesHint', { example: edgesExample(field.type, formats.locale) })}
        onChange={(text) => onDraft({ ...draft, how, edges: text })}
      />
      {ranges.length === 0 ? null : (
        <div className="row wrap" role="status">
          <span className="mut s12">{t('extras.group.ranges')}</span>
          {ranges.slice(0, SHOWN).map((range) => <span key={range} className="pill">{range}</span>)}
          {ranges.length > SHOWN ? <span className="mut s12">+{formats.number(ranges.length - SHOWN)}</span> : null}
        </div>
      )}
    </div>
  )
}
