import { Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useT } from '../../i18n/useT'
import { CONTACT } from '../../report/edit'
import { folded } from '../../report/fields'
import { Checkbox, Field, SelectInput } from '../../shared/inputs'
import type { ExtrasDialogProps } from './CalculationDialog'
import { DialogForm } from './DialogForm'
import { draftOf, linkedObjects, optioned, relationshipsOf, usesContact, zones, type OptionsDraft } from './options'

type Part = { draft: OptionsDraft; change: (part: Partial<OptionsDraft>) => void }

/** What a report covers, and the clock and data on which it is computed. */
export function ReportOptionsDialog({ report, catalog, onSave, onClose }: ExtrasDialogProps) {
  const t = useT()
  const [draft, setDraft] = useState(() => draftOf(report))
  const change = (part: Partial<OptionsDraft>) => setDraft({ ...draft, ...part })
  const summable = (report.dimensions?.length ?? 0) > 1 && (report.measures?.length ?? 0) > 0
  return (
    <DialogForm title={t('extras.options.title')} onSave={() => onSave(optioned(report, draft, catalog))} onClose={onClose}>
      {report.object === CONTACT ? <RecordsPart {...{ draft, change, catalog }} /> : <ContactPart {...{ draft, change, report, catalog }} />}
      <div className="xpair">
        <ZoneInput value={draft.timezone} usual={catalog.snapshot?.zone ?? 'UTC'} onChange={(timezone) => change({ timezone })} />
        <SelectInput
          label={t('extras.option.week_start')}
          value={draft.week_start}
          onChange={(week_start) => change({ week_start })}
          options={[{ value: '', label: t('extras.week.default') }, ...(['monday', 'sunday', 'saturday'] as const).map((value) => ({ value, label: t(`extras.week.${value}`) }))]}
        />
      </div>
      <SelectInput
        label={t('extras.option.snapshot')}
        hint={t('extras.snapshot.hint')}
        value={draft.snapshot}
        onChange={(snapshot) => change({ snapshot })}
        options={[
          { value: 'current', label: t('extras.snapshot.current') },
          { value: 'previous', label: t('extras.snapshot.previous') },
          ...(['current', 'previous'].includes(draftOf(report).snapshot) ? [] : [{ value: draftOf(report).snapshot, label: t('extras.snapshot.kept', { id: draftOf(report).snapshot }) }]),
        ]}
      />
      {report.list === undefined ? (
        <Checkbox
          label={t('extras.subtotals.label')}
          checked={draft.subtotals && summable}
          aria-disabled={!summable || undefined}
          hint={<span className="xblock">{t(summable ? 'extras.subtotals.hint' : 'extras.subtotals.why')}</span>}
          onChange={(subtotals) => { if (summable) change({ subtotals }) }}
        />
      ) : null}
    </DialogForm>
  )
}

function ContactPart({ draft, change, report, catalog }: Part & Pick<ExtrasDialogProps, 'report' | 'catalog'>) {
  const t = useT()
  const found = relationshipsOf(catalog, report.object)
  if (found.length === 0) return null
  const joined = usesContact(report)
  return (
    <div className="xpair">
      <SelectInput
        label={t('extras.option.contacts')}
        hint={t(joined ? 'extras.contacts.conflict' : 'extras.contacts.hint')}
        value={draft.contacts}
        onChange={(contacts) => change({ contacts, ...(contacts !== 'any' && found.length > 1 && draft.relationship === '' ? { relationship: found[0]?.slug ?? '' } : {}) })}
        options={(['any', 'with', ...(joined ? [] : ['without' as const])] as const).map((value) => ({ value, label: t(`extras.contacts.${value}`) }))}
      />
      {found.length < 2 ? null : (
        <SelectInput
          label={t('extras.option.relationship')}
          hint={t('extras.relationship.hint')}
          value={draft.relationship === '' ? (found[0]?.slug ?? '') : draft.relationship}
          onChange={(relationship) => change({ relationship })}
          options={found.map(({ slug, label }) => ({ value: slug, label }))}
        />
      )}
    </div>
  )
}

function RecordsPart({ draft, change, catalog }: Part & Pick<ExtrasDialogProps, 'catalog'>) {
  const t = useT()
  const object = draft.records.split(':')[1] ?? ''
  const over = relationshipsOf(catalog, object)
  return (
    <div className="xpair">
      <SelectInput
        label={t('extras.option.records')}
        hint={t('extras.records.hint')}
        value={draft.records}
        onChange={(records) => change({ records, recordsOver: '' })}
        options={[
          { value: '', label: t('extras.records.any') },
          ...linkedObjects(catalog).flatMap((linked) => (['with', 'without'] as const).map((match) => ({ value: `${match}:${linked.object}`, label: t(`extras.records.${match}`, { object: linked.label }) }))),
        ]}
      />
      {over.length < 2 ? null : (
        <SelectInput label={t('extras.records.over')} value={draft.recordsOver === '' ? (over[0]?.slug ?? '') : draft.recordsOver} onChange={(recordsOver) => change({ recordsOver })} options={over.map(({ slug, label }) => ({ value: slug, label }))} />
      )}
    </div>
  )
}

function ZoneInput({ value, usual, onChange }: { value: string; usual: string; onChange: (zone: string) => void }) {
  const t = useT()
  const all = useMemo(() => zones(), [])
  const [search, setSearch] = useState(value)
  const known = value === '' || all.includes(value) ? all : [value, ...all]
  return (
    <Field label={t('extras.option.timezone')} hint={t('extras.timezone.hint')}>
      {(tied) => (
        <Select
          {...tied}
          classNames={{ input: 'inp' }}
          variant="unstyled"
          data={known}
          value={value === '' ? null : value}
          searchable
          clearable
          limit={100}
          maxDropdownHeight={232}
          comboboxProps={{ withinPortal: false }}
          placeholder={t('extras.timezone.default', { zone: usual })}
          searchValue={search}
          onSearchChange={setSearch}
          clearButtonProps={{ 'aria-label': t('extras.timezone.default', { zone: usual }) }}
          filter={({ options, search: wanted }) => options.filter((option) => 'value' in option && folded(String(option.value)).replaceAll('_', ' ').includes(folded(wanted).replaceAll('_', ' ')))}
          nothingFoundMessage={t('extras.timezone.none', { text: search })}
          onChange={(zone) => onChange(zone ?? '')}
        />
      )}
    </Field>
  )
}
