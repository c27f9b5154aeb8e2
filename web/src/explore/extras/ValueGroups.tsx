import { Popover } from '@mantine/core'
import { useState } from 'react'
import { valueText } from '../../filters/describe'
import { ValuesPicker } from '../../filters/ValuesPicker'
import { useT } from '../../i18n/useT'
import type { FieldInfo } from '../../report/fields'
import { useFormats } from '../../shared/formats'
import { Icon } from '../../shared/Icon'
import { FieldError, SelectInput, TextInput } from '../../shared/inputs'
import type { DraftGroup, GroupDraft } from './grouping'

const SHOWN = 4

/** Named groups of values, and what becomes of all others. */
export function ValueGroups({ id, draft, field, base, relationship, errorAt, onDraft }: {
  id: string
  draft: GroupDraft
  field: FieldInfo
  base: string
  relationship?: string | undefined
  errorAt: (at: string) => string | null
  onDraft: (draft: GroupDraft) => void
}) {
  const t = useT()
  const change = (key: number, part: Partial<DraftGroup>) =>
    onDraft({ ...draft, how: 'values', groups: draft.groups.map((group) => (group.key === key ? { ...group, ...part } : group)) })
  const add = () => onDraft({ ...draft, how: 'values', groups: [...draft.groups, { key: Math.max(0, ...draft.groups.map(({ key }) => key)) + 1, name: '', values: [] }] })
  const none = errorAt('groups')
  return (
    <div className="xstack">
      <div className="xgroups" id={`${id}-groups`}>
        {draft.groups.map((group, at) => (
          <div key={group.key} className="xrow" role="group" aria-label={t('extras.group.number', { number: at + 1 })}>
            <TextInput id={`${id}-name${group.key}`} label={t('extras.group.groupName', { number: at + 1 })} hideLabel={at > 0} value={group.name} maxLength={200} error={errorAt(`name${group.key}`)} onChange={(name) => change(group.key, { name })} />
            <GroupValues id={`${id}-values${group.key}`} {...{ group, at, field, base, relationship }} error={errorAt(`values${group.key}`)} onValues={(values) => change(group.key, { values })} />
            <button type="button" className={`btn ghost sq ${at === 0 ? 'xtrash' : ''}`} aria-label={t('extras.group.drop', { name: group.name || String(at + 1) })} onClick={() => onDraft({ ...draft, groups: draft.groups.filter((other) => other !== group) })}><Icon name="trash" /></button>
          </div>
        ))}
        {none === null ? null : <FieldError text={none} />}
        <div><button type="button" className="add" onClick={add}><Icon name="plus" />{t('extras.group.add')}</button></div>
      </div>
      <div className="xpair">
        <SelectInput
          label={t('extras.group.others')}
          value={draft.others === null ? 'keep' : 'name'}
          onChange={(next) => onDraft({ ...draft, how: 'values', others: next === 'keep' ? null : t('extras.group.othersDefault') })}
          options={[{ value: 'keep', label: t('extras.group.others.keep') }, { value: 'name', label: t('extras.group.others.name') }]}
        />
        {draft.others === null ? null : (
          <TextInput id={`${id}-others`} label={t('extras.group.othersName')} value={draft.others} maxLength={200} error={errorAt('others')} onChange={(others) => onDraft({ ...draft, others })} />
        )}
      </div>
    </div>
  )
}

function GroupValues({ id, group, at, field, base, relationship, error, onValues }: {
  id: string
  group: DraftGroup
  at: number
  field: FieldInfo
  base: string
  relationship?: string | undefined
  error: string | null
  onValues: (values: DraftGroup['values']) => void
}) {
  const t = useT()
  const formats = useFormats()
  const [open, setOpen] = useState(false)
  const texts = group.values.slice(0, SHOWN).map((value) => valueText(value, field, formats))
  const shown = texts.length === 0 ? t('extras.group.pick', { count: 0 }) : texts.join(', ') + (group.values.length > SHOWN ? ` +${group.values.length - SHOWN}` : '')
  return (
    <div className="field xvalues">
      {at === 0 ? <span className="lab" aria-hidden="true">{t('filters.values')}</span> : null}
      <Popover opened={open} onChange={setOpen} position="bottom-start" width={280} trapFocus returnFocus>
        <Popover.Target>
          <button type="button" id={id} className={`inp xpick ${error === null ? '' : 'err'}`} aria-expanded={open} aria-describedby={error === null ? undefined : `${id}-error`} onClick={() => setOpen(!open)}>
            <span className="vh">{t('extras.group.pickFor', { name: group.name || String(at + 1) })}: </span>
            <span className={`grow trunc ${texts.length === 0 ? 'mut' : ''}`}>{shown}</span>
            <Icon name="chevronDown" />
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('extras.group.pickFor', { name: group.name || String(at + 1) })}>
          <ValuesPicker {...{ field, base, relationship }} values={group.values} onChange={onValues} />
        </Popover.Dropdown>
      </Popover>
      {error === null ? null : <FieldError id={`${id}-error`} text={error} />}
    </div>
  )
}
