import { Popover } from '@mantine/core'
import { useState } from 'react'
import { useT } from '../i18n/useT'
import type { FieldInfo } from '../report/fields'
import type { Condition, FilterNode } from '../report/types'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { describeCondition } from './describe'
import { FilterEditor } from './FilterEditor'
import './filters.css'

/** One condition in words; a click edits it. `startOpen`: it has just been added and is edited first. `confirm`: takes it as
 * it stands; null while it does not say enough. */
export function FilterChip({ field, condition, onChange, onRemove, base, filters, relationship, zone, startOpen = false, onClosed, confirm }: {
  field: FieldInfo
  condition: Condition
  onChange: (condition: Condition) => void
  onRemove: () => void
  base: string
  filters?: FilterNode | undefined
  relationship?: string | undefined
  zone?: string | undefined
  startOpen?: boolean
  onClosed?: () => void
  confirm?: (() => void) | null
}) {
  const t = useT()
  const formats = useFormats()
  const [open, setOpen] = useState(startOpen)
  const words = describeCondition(condition, field, t, formats)
  const close = (next: boolean) => {
    setOpen(next)
    if (!next) onClosed?.()
  }
  return (
    <Popover opened={open} onChange={close} position="bottom-start" width={300} trapFocus returnFocus>
      <span className="fchip">
        <Popover.Target>
          <button type="button" className="fopen" aria-expanded={open} onClick={() => close(!open)}>
            <span className="vh">{t('filters.edit', { field: '' })}</span>
            <span className="f">{words.operator === '' ? `${words.field}:` : words.field}</span>
            {words.operator === '' ? null : <span className="o">{words.operator}</span>}
            {words.value === '' ? null : <span className="v">{words.value}</span>}
            <span className="cv"><Icon name="chevronDown" /></span>
          </button>
        </Popover.Target>
        <button type="button" className="x" aria-label={t('filters.remove', { field: words.field })} onClick={onRemove}><Icon name="close" /></button>
      </span>
      <Popover.Dropdown aria-label={t('filters.edit', { field: words.field })}>
        <FilterEditor {...{ field, condition, onChange, base, filters, relationship, zone }} />
        {confirm === undefined ? null : (
          <div className="row actions">
            <span className="grow" />
            <button type="button" className="btn sm primary" aria-disabled={confirm === null} onClick={() => confirm?.()}>{t('common.apply')}</button>
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
