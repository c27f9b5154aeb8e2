import type { SettingsBody, WeekStart } from '../api/schema'
import type { Choice } from '../manage/ComboInput'
import type { Formats } from '../shared/formats'

/** The form of the settings: '' follows the deployment. `ownZone`: a zone is chosen, even while it is being typed. */
export type SettingsForm = { ownZone: boolean; timezone: string; week: '' | WeekStart; language: '' | 'en' | 'fr' }

export const formOf = (settings: SettingsBody): SettingsForm => ({
  ownZone: settings.timezone != null, timezone: settings.timezone ?? '', week: settings.week_start ?? '', language: settings.language ?? '',
})

export const bodyOf = (form: SettingsForm): Required<SettingsBody> => ({
  timezone: form.ownZone ? form.timezone.trim() : null,
  week_start: form.week === '' ? null : form.week,
  language: form.language === '' ? null : form.language,
})

/** What is wrong with the zone; the list of the browser may lack zones that the service knows, so only nonsense is refused. */
export function zoneProblem(form: SettingsForm): 'missing' | 'unknown' | null {
  if (!form.ownZone) return null
  if (form.timezone.trim() === '') return 'missing'
  return isZone(form.timezone.trim()) ? null : 'unknown'
}

export function isZone(zone: string): boolean {
  try {
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }).format() !== ''
  } catch {
    return false
  }
}

/** All zones, each with its offset now. UTC is accepted everywhere, though some browsers do not list it. */
export function zoneChoices(formats: Formats, now: string): Choice[] {
  const zones = Intl.supportedValuesOf('timeZone')
  return [...(zones.includes('UTC') ? [] : ['UTC']), ...zones].map((value) => ({ value, name: formats.offset(now, value) }))
}
