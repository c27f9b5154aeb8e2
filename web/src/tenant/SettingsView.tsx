import { useQuery } from '@tanstack/react-query'
import { callWithResponse } from '../api/call'
import { getSettings } from '../api/schema'
import { useT } from '../i18n/useT'
import { DataNav } from '../manage/DataNav'
import { useEffectiveSettings } from '../manage/refreshTime'
import { useTenant } from '../session/SessionProvider'
import { useFormats } from '../shared/formats'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useTitle } from '../shared/useTitle'
import '../styles/records.css'
import { SettingsForms } from './SettingsForms'

/** The settings of a tenant: its own, and what is in effect. */
export default function SettingsView() {
  const t = useT()
  const { tenant } = useTenant()
  useTitle(t('tenant.title'))
  const settings = useQuery({
    queryKey: ['settings', tenant, 'own'],
    queryFn: async ({ signal }) => {
      const { data, response } = await callWithResponse(getSettings({ path: { tenant }, signal }))
      return { settings: data, etag: response.headers.get('ETag') ?? '' }
    },
  })
  return (
    <main className="page settingspage" id="main" tabIndex={-1}>
      <DataNav />
      <h1>{t('tenant.title')}</h1>
      <p className="lead sub s13">{t('tenant.lead')}</p>
      <InEffect />
      {settings.isPending ? <div className="card"><Skeletons rows={6} /></div> : null}
      {settings.isError && settings.data === undefined ? <ProblemNotice error={settings.error} again={() => void settings.refetch()} /> : null}
      {settings.data === undefined ? null : <SettingsForms stored={settings.data.settings} etag={settings.data.etag} onStale={async () => void (await settings.refetch())} />}
    </main>
  )
}

function InEffect() {
  const t = useT()
  const formats = useFormats()
  const { data } = useEffectiveSettings()
  if (data === undefined) return null
  const { timezone, week_start: week, language } = data
  return (
    <section className="card effective" aria-labelledby="in-effect">
      <h2 id="in-effect">{t('tenant.now')}</h2>
      <div>
        <p className="s12 mut">{t('tenant.zone')}</p>
        <p className="s13 strong">{timezone}{timezone == null ? null : <span className="mut"> {formats.offset(new Date().toISOString(), timezone)}</span>}</p>
      </div>
      <div><p className="s12 mut">{t('tenant.week')}</p><p className="s13 strong">{week == null ? null : t(`tenant.week.${week}`)}</p></div>
      <div><p className="s12 mut">{t('tenant.language')}</p><p className="s13 strong">{language == null ? null : t(`tenant.language.${language}`)}</p></div>
    </section>
  )
}
