import { useEffect, useReducer, useState } from 'react'
import { useLocation, useSearchParams } from 'react-router'
import { useT } from '../i18n/useT'
import { DataNav } from '../manage/DataNav'
import { useTenant } from '../session/SessionProvider'
import { EmptyState } from '../shared/EmptyState'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { Steps, type StepState } from '../shared/Steps'
import { useTitle } from '../shared/useTitle'
import { useUnsavedGuard, type LeaveWords } from '../shared/useUnsavedGuard'
import '../styles/imports.css'
import type { SchemaBody } from '../api/schema'
import { CheckStep } from './CheckStep'
import { ColumnsStep } from './ColumnsStep'
import { takeHeldFile } from './droppedFile'
import { FileStep } from './FileStep'
import { useObjects } from './labels'
import { mapId } from './MappingTable'
import { ObjectStep } from './ObjectStep'
import { ResultCard } from './ResultCard'
import { readSample, UnreadableFile, type FileProblem } from './sample'
import { useFileDrop } from './useFileDrop'
import { useImporting, type Importing } from './useImporting'
import { EMPTY_DRAFT, forgetDraft, formsOf, importReducer, interruptedFile, keepDraft, keptDraft, modeOf, saidOf, stepOf, type ImportAction, type ImportStep } from './wizard'

/** Imports a file: dropped, mapped, checked, imported. */
export default function ImportView() {
  const t = useT()
  const { may } = useTenant()
  const objects = useObjects()
  useTitle(t('imports.import'))
  return (
    <main className="page importpage" id="main" tabIndex={-1}>
      <DataNav />
      <h1>{t('imports.import')}</h1>
      <p className="sub lead">{t('imports.wizardLead')}</p>
      {!may('records:write') ? <EmptyState icon="lock" title={t('imports.forbiddenTitle')} text={t('imports.forbidden')} />
        : objects.isPending ? <div className="card"><Skeletons /></div>
          : objects.isError ? <ProblemNotice error={objects.error} again={() => void objects.refetch()} />
            : <Wizard objects={objects.data} />}
    </main>
  )
}

const ORDER: ImportStep[] = ['file', 'object', 'columns', 'check']

function Wizard({ objects }: { objects: SchemaBody[] }) {
  const { tenant } = useTenant()
  const [params] = useSearchParams()
  const { state } = useLocation()
  const [draft, send] = useReducer(importReducer, EMPTY_DRAFT)
  const [file, setFile] = useState<File | null>(null)
  const [problem, setProblem] = useState<FileProblem | null>(null)
  const importing = useImporting(tenant)
  const { check, bring, reset } = importing
  const schema = objects.find((one) => one.object === draft.object)
  const busy = check.isPending || bring.isPending
  const guard = useUnsavedGuard(busy, undefined, useLeaveWords(importing))
  useEffect(() => {
    if (bring.isSuccess) return
    keepDraft(tenant, draft)
  }, [tenant, draft, bring.isSuccess])
  /** Whatever changes, what was checked is no longer what would be imported. */
  const change = (action: ImportAction) => {
    reset()
    send(action)
  }
  const take = async (next: File) => {
    if (busy) return
    reset()
    try {
      const sample = await readSample(next)
      setProblem(null)
      setFile(next)
      send({ type: 'file', sample, objects, wished: params.get('object'), kept: keptDraft(tenant, next), said: saidOf(tenant) })
    } catch (error) {
      setProblem(error instanceof UnreadableFile ? error.problem : 'unreadable')
      setFile(null)
      send({ type: 'reset' })
    }
  }
  useEffect(() => {
    const dropped = takeHeldFile(state)
    if (dropped !== null) void take(dropped)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, with the file of this visit
  }, [])
  const over = useFileDrop((dropped) => void take(dropped), !busy)
  const { sample, mapping } = draft
  const forms = schema === undefined ? null : formsOf(draft, schema)
  const order = file === null || sample === null || mapping === null || schema === undefined || forms === null ? null
    : { tenant, object: schema.object, file, format: sample.format, mapping, mode: modeOf(draft, schema), forms, parameter: draft.parameter }
  const start = (run: typeof check | typeof bring) => (order === null ? undefined : run.mutate(order))
  const now = stepOf(draft, schema)
  const stateOf = (step: ImportStep): StepState => (step === now ? 'now' : ORDER.indexOf(step) < ORDER.indexOf(now) ? 'done' : 'later')
  const bringIn = () => {
    if (order === null) return
    bring.mutate(order, { onSuccess: () => (sample === null ? undefined : forgetDraft(tenant, sample)) })
  }
  const restart = () => {
    setFile(null)
    change({ type: 'reset' })
  }
  if (bring.data !== undefined && schema !== undefined) return <ResultCard result={bring.data} schema={schema} mode={modeOf(draft, schema)} name={sample?.name ?? ''} onMore={restart} />
  return (
    <>
      {guard}
      <Steps>
        <FileStep sample={sample} problem={problem} again={interruptedFile(tenant)} over={over} locked={busy} onFile={(next) => void take(next)} />
        <ObjectStep
          state={stateOf('object')} objects={objects} object={draft.object} fresh={draft.fresh} locked={busy} onObject={(chosen) => change({ type: 'object', schema: chosen, said: saidOf(tenant) })}
          onFresh={() => change({ type: 'fresh', objects })} onEdit={(fresh) => change({ type: 'edit', fresh })} onCreated={(object) => change({ type: 'created', object })}
        />
        <ColumnsStep
          state={stateOf('columns')} sample={sample} schema={schema} mapping={mapping} mode={draft.mode} forms={draft.forms} locked={busy}
          onMap={(header, target) => change({ type: 'map', header, target })} onMode={(mode) => change({ type: 'mode', mode })}
          onForms={(said) => change({ type: 'forms', forms: said })}
        />
        <CheckStep
          state={stateOf('check')} sample={sample} mode={order?.mode ?? 'upsert'} importing={importing} parameter={draft.parameter} onCheck={() => start(check)} onImport={bringIn}
          onParameter={(again) => change({ type: 'parameter', parameter: again ? new Date().toISOString() : '' })}
          onFix={(column) => document.getElementById(mapId(sample?.headers.indexOf(column) ?? -1))?.focus()}
        />
      </Steps>
    </>
  )
}

/** What becomes of a check or an import when the page is left: the browser sends on while the tab is open, and the
 * service works on once it has the whole file. */
function useLeaveWords({ check, share }: Importing): LeaveWords {
  const t = useT()
  const text = t(check.isPending ? 'imports.leave.checking' : share < 1 ? 'imports.leave.uploading' : 'imports.leave.working')
  return { title: t('imports.leave.title'), text, leave: t('imports.leave.leave') }
}
