import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call, CallError } from '../api/call'
import { putSettings, type SettingsBody, type WeekStart } from '../api/schema'
import { useT } from '../i18n/useT'
import { ComboInput } from '../manage/ComboInput'
import { useEffectiveSettings } from '../manage/refreshTime'
import { useTenant } from '../session/SessionProvider'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ErrorSummary, SelectInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { useUnsavedGuard } from '../shared/useUnsavedGuard'
import { bodyOf, formOf, isZone, zoneChoices, zoneProblem, type SettingsForm } from './settings'

const ZONE = 'settings-zone'
const WEEKS: readonly WeekStart[] = ['monday', 'sunday', 'saturday']

/** Each setting is the tenant's own, or follows the deployment. */
export function SettingsForms({ stored, etag, onStale }: { stored: SettingsBody; etag: string; onStale: () => Promise<void> }) {
  const t = useT()
  const client = useQueryClient()
  const { tenant, may } = useTenant()
  const [form, setForm] = useState(() => formOf(stored))
  const [state, setState] = useState<{ failed?: Error; refused?: string; stale?: boolean; saving?: boolean; attempt: number }>({ attempt: 0 })
  const locked = !may('schemas:write')
  const dirty = JSON.stringify(bodyOf(form)) !== JSON.stringify(bodyOf(formOf(stored)))
  const guard = useUnsavedGuard(dirty)
  const set = (patch: Partial<SettingsForm>) => {
    if (locked) return
    setForm({ ...form, ...patch })
    setState({ attempt: state.attempt, ...(state.stale ? { stale: true } : {}) })
  }
  const problem = zoneProblem(form)
  const sentence = state.refused ?? (problem === null ? null : problem === 'missing' ? t('tenant.zoneMissing') : t('tenant.zoneUnknown', { zone: form.timezone }))
  const save = async () => {
    const attempt = state.attempt + 1
    if (problem !== null) return setState({ attempt })
    setState({ attempt: state.attempt, saving: true })
    try {
      await call(putSettings({ path: { tenant }, headers: { 'if-match': etag }, body: bodyOf(form) }))
      notifications.show({ message: t('tenant.saved') })
      for (const noun of ['settings', 'catalog']) await client.invalidateQueries({ queryKey: [noun, tenant] })
      setState({ attempt: 0 })
    } catch (error) {
      setState({ attempt, ...refusal(error as Error) })
      if (error instanceof CallError && error.status === 412) await onStale()
    }
  }
  return (
    <form className="card settings" noValidate onSubmit={(event) => {
      event.preventDefault()
      if (state.saving !== true) void save()
    }}>
      <p className="s13 sub row"><Icon name="bolt" /><span>{t('tenant.atOnce')}</span></p>
      {locked ? <p className="notice compact"><Icon name="lock" />{t('tenant.locked')}</p> : null}
      {state.stale ? <p className="notice warn compact" role="alert"><Icon name="warning" />{t('tenant.stale')}</p> : null}
      {state.failed === undefined ? null : <ProblemNotice error={state.failed} again={() => void save()} />}
      {state.attempt > 0 && sentence !== null ? <ErrorSummary key={state.attempt} title={t('common.correct', { count: 1 })} errors={[{ id: ZONE, text: t('tenant.zone') }]} /> : null}
      <Zone form={form} error={state.attempt > 0 ? sentence : null} locked={locked} followed={stored.timezone == null} onChange={set} />
      <Choices form={form} stored={stored} locked={locked} onChange={set} />
      {locked ? null : (
        <div className="row actions">
          <button type="button" className="btn" aria-disabled={!dirty} onClick={() => set(formOf(stored))}>{t('common.cancel')}</button>
          <button type="submit" className="btn primary" aria-busy={state.saving === true}>{t('common.save')}</button>
        </div>
      )}
      {guard}
    </form>
  )
}

function refusal(error: Error): { failed?: Error; refused?: string; stale?: boolean } {
  if (!(error instanceof CallError)) return { failed: error }
  if (error.status === 412) return { stale: true }
  const zone = error.errors.find((item) => item.pointer === '/timezone')
  return zone === undefined ? { failed: error } : { refused: zone.message }
}

type Part = { form: SettingsForm; locked: boolean; onChange: (patch: Partial<SettingsForm>) => void }

function Zone({ form, error, locked, followed, onChange }: Part & { error: string | null; followed: boolean }) {
  const t = useT()
  const formats = useFormats()
  const effective = useEffectiveSettings()
  const now = useMemo(() => new Date().toISOString(), [])
  const choices = useMemo(() => zoneChoices(formats, now), [formats, now])
  const value = followed ? effective.data?.timezone : null
  const hint = isZone(form.timezone) ? t('tenant.zoneHint', { now: formats.instant(now, form.timezone, { year: false }) }) : t('tenant.zoneSearch')
  return (
    <fieldset>
      <legend className="lab">{t('tenant.zone')}</legend>
      <label className="checkline">
        <input type="radio" name="zone" checked={!form.ownZone} aria-disabled={locked} onChange={() => onChange({ ownZone: false })} />
        {value == null ? t('tenant.follow') : t('tenant.followNow', { value })}
      </label>
      <label className="checkline">
        <input type="radio" name="zone" checked={form.ownZone} aria-disabled={locked} onChange={() => onChange({ ownZone: true })} />
        {t('tenant.zoneOwn')}
      </label>
      {form.ownZone ? (
        <ComboInput id={ZONE} className="half ownzone" label={t('tenant.zoneName')} hint={error === null ? hint : undefined} error={error} value={form.timezone} choices={choices} readOnly={locked}
          onChange={(timezone) => onChange({ timezone })} />
      ) : null}
    </fieldset>
  )
}

function Choices({ form, stored, onChange }: Part & { stored: SettingsBody }) {
  const t = useT()
  const { data } = useEffectiveSettings()
  const follow = (own: string | null | undefined, value: string | null | undefined) =>
    ({ value: '', label: own != null || value == null ? t('tenant.follow') : t('tenant.followNow', { value }) })
  const week = data?.week_start == null ? null : t(`tenant.week.${data.week_start}`)
  const language = data?.language == null ? null : t(`tenant.language.${data.language}`)
  return (
    <>
      <SelectInput className="half" label={t('tenant.week')} value={form.week} onChange={(next) => onChange({ week: next as SettingsForm['week'] })}
        options={[follow(stored.week_start, week), ...WEEKS.map((day) => ({ value: day, label: t(`tenant.week.${day}`) }))]} />
      <SelectInput className="half" label={t('tenant.language')} hint={t('tenant.languageHint')} value={form.language} onChange={(next) => onChange({ language: next as SettingsForm['language'] })}
        options={[follow(stored.language, language), ...(['en', 'fr'] as const).map((code) => ({ value: code, label: t(`tenant.language.${code}`) }))]} />
    </>
  )
}
