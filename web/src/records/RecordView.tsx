import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { call } from '../api/call'
import { getRecord } from '../api/snapshot'
import { useLanguage } from '../i18n/LanguageProvider'
import { useT } from '../i18n/useT'
import { DataNav } from '../manage/DataNav'
import { nameOf, useObjects } from '../manage/objects'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { EmptyState } from '../shared/EmptyState'
import { Icon } from '../shared/Icon'
import { SelectInput, TextInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useTitle } from '../shared/useTitle'
import '../styles/records.css'
import { RecordCard } from './RecordCard'

const AGAIN_MS = 15_000

/** "Where is my record?": from its object and id to what became of everything that was sent about it. */
export default function RecordView() {
  const t = useT()
  const { tenant, may } = useTenant()
  const { language } = useLanguage()
  const [search] = useSearchParams()
  const [object, id] = [search.get('object') ?? '', search.get('id') ?? '']
  const asked = object !== '' && id !== ''
  const allowed = may('records:read') || may('ops')
  useTitle(id === '' ? t('records.title') : t('records.titleOf', { id }))
  const record = useQuery({
    queryKey: ['record', tenant, object, id, language],
    queryFn: ({ signal }) => call(getRecord({ path: { tenant, object, record: id }, signal })),
    enabled: asked && allowed,
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.state === 'in_reports' ? false : AGAIN_MS),
  })
  const shown = asked ? record : null
  return (
    <main className="page recordpage" id="main" tabIndex={-1}>
      <DataNav />
      <h1>{t('records.title')}</h1>
      <p className="lead sub s13">{t('records.lead')}</p>
      {allowed ? <Ask key={`${object} ${id}`} object={object} id={id} /> : <EmptyState icon="lock" title={t('records.forbidden')} text={t('common.forbidden')} />}
      {allowed && !asked ? <div className="card recordfirst"><EmptyState icon="search" title={t('records.first.title')} text={t('records.first.text')} /></div> : null}
      {shown?.isError && shown.data === undefined ? <ProblemNotice error={shown.error} again={() => void shown.refetch()} /> : null}
      {shown?.isPending && allowed ? <div className="card recordfirst"><Skeletons rows={8} /></div> : null}
      {shown?.data === undefined ? null : (
        <div className={shown.isPlaceholderData ? 'oldrecord' : ''} aria-busy={shown.isPlaceholderData}>
          <RecordCard answer={shown.data} object={object} id={id} />
        </div>
      )}
    </main>
  )
}

/** Object and id. The address keeps both, so that an answer can be sent to somebody. */
function Ask({ object, id }: { object: string; id: string }) {
  const t = useT()
  const [, setSearch] = useSearchParams()
  const catalog = useCatalog()
  const objects = useObjects()
  const [chosen, setChosen] = useState(object)
  const [typed, setTyped] = useState(id)
  const [missing, setMissing] = useState(false)
  const box = useRef<HTMLFormElement>(null)
  const names = (objects.data ?? []).map((each) => ({ value: each.object, label: nameOf(each, catalog.data) }))
  const options = object === '' || names.some((each) => each.value === object) ? names : [...names, { value: object, label: object }]
  const shown = chosen === '' ? (options.find((each) => each.value !== 'contact')?.value ?? options[0]?.value ?? '') : chosen
  // Who comes from an object continues with the id.
  useEffect(() => {
    if (object !== '' && id === '') box.current?.querySelector('input')?.focus()
  }, [object, id])
  return (
    <form className="card recordask" ref={box} onSubmit={(event) => {
      event.preventDefault()
      setMissing(typed.trim() === '')
      if (typed.trim() !== '' && shown !== '') setSearch({ object: shown, id: typed.trim() })
    }}>
      <SelectInput label={t('records.object')} value={shown} options={options} onChange={setChosen} />
      <TextInput label={t('records.id')} value={typed} onChange={setTyped} error={missing && typed.trim() === '' ? t('records.idMissing') : null} placeholder={t('records.idExample')} maxLength={200} autoComplete="off" spellCheck={false} />
      <button type="submit" className="btn primary"><Icon name="search" />{t('records.find')}</button>
    </form>
  )
}
