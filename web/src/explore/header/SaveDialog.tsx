import { useState, type FormEvent } from 'react'
import { CallError } from '../../api/call'
import { useDashboards } from '../../dashboards/calls'
import { useT } from '../../i18n/useT'
import type { ChartOptions, Report } from '../../report/types'
import { Dialog } from '../../shared/Dialog'
import { SelectInput, TextArea, TextInput } from '../../shared/inputs'
import { ProblemNotice } from '../../shared/ProblemNotice'
import type { OpenLook } from '../useLook'
import { useSave, type Target } from './useSave'

const NEW = ' new'

/** One dialog for all ways to save: a name, a description, and a dashboard to put the Look on. */
export function SaveDialog({ report, chart, name, over, toDashboard, onSaved, onReload, onClose }: {
  report: Report
  chart: ChartOptions
  name: string
  over: OpenLook | null
  toDashboard: boolean
  onSaved: (look: OpenLook, dashboard: { id: string; name: string } | null) => void
  onReload: () => void
  onClose: () => void
}) {
  const t = useT()
  const [title, setTitle] = useState(name)
  const [description, setDescription] = useState(over?.look.description ?? '')
  const [chosen, setChosen] = useState('')
  const [newName, setNewName] = useState('')
  const [tried, setTried] = useState(false)
  const save = useSave()
  const dashboards = useDashboards()
  const nameError = tried && title.trim() === '' ? t('explore.save.nameMissing') : null
  const dashboardError = tried && chosen === NEW && newName.trim() === '' ? t('explore.save.nameMissing') : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (title.trim() === '' || (chosen === NEW && newName.trim() === '')) return
    const target: Target | null = chosen === '' ? null : chosen === NEW ? { name: newName.trim() } : { id: chosen }
    save.mutate(
      { name: title.trim(), description, report, chart, over, dashboard: target },
      { onSuccess: ({ saved, dashboard }) => onSaved(saved, dashboard) },
    )
  }
  const stale = save.error instanceof CallError && save.error.status === 412
  return (
    <Dialog title={t(over === null ? 'explore.save.title' : 'explore.save.changes')} onClose={onClose}>
      <form className="formgrid" onSubmit={submit} noValidate>
        <TextInput label={t('explore.save.name')} value={title} onChange={setTitle} maxLength={200} error={nameError} data-autofocus required />
        <TextArea label={t('explore.save.description')} value={description} onChange={setDescription} maxLength={2000} rows={2} />
        <SelectInput
          label={t('explore.save.dashboard')}
          value={chosen}
          onChange={setChosen}
          autoFocus={toDashboard}
          options={[
            { value: '', label: t('explore.save.none') },
            { value: NEW, label: t('explore.save.newDashboard') },
            ...(dashboards.data ?? []).map((item) => ({ value: item.id, label: item.name })),
          ]}
        />
        {chosen === NEW ? <TextInput label={t('explore.save.dashboardName')} value={newName} onChange={setNewName} maxLength={200} error={dashboardError} required /> : null}
        {save.isError && !stale ? <ProblemNotice error={save.error} compact /> : null}
        {stale ? (
          <div className="notice warn" role="alert">
            <div className="grow">
              <p>{t('explore.stale')}</p>
              <div className="row"><button type="button" className="btn xs" onClick={onReload}>{t('explore.loadTheirs')}</button></div>
            </div>
          </div>
        ) : null}
        <div className="row actions">
          <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
          <button type="submit" className="btn primary" aria-disabled={save.isPending}>{t('common.save')}</button>
        </div>
      </form>
    </Dialog>
  )
}
