import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import type { SchemaBody } from '../../api/schema'
import { useT } from '../../i18n/useT'
import { useTenant } from '../../session/SessionProvider'
import { ConfirmDialog } from '../../shared/Dialog'
import { Icon } from '../../shared/Icon'
import { ErrorSummary } from '../../shared/inputs'
import { ProblemNotice } from '../../shared/ProblemNotice'
import { useTitle } from '../../shared/useTitle'
import { useUnsavedGuard } from '../../shared/useUnsavedGuard'
import { inputId, problemsOf } from '../checks'
import { CONTACT, definitionOf } from '../form'
import { objectPath } from '../objects'
import { partOf, refusedAt, type Refused } from '../pointers'
import { ChangesPreview } from './ChangesPreview'
import { DeleteDialog, integrationName } from './DeleteDialog'
import { EditingContext, type Editing } from './editing'
import { EditorFoot } from './EditorFoot'
import { EditorFrame, type Placed } from './EditorFrame'
import { EditorMenu } from './EditorMenu'
import { FieldList } from './FieldList'
import { NamesPart } from './NamesPart'
import { RelationshipList } from './RelationshipList'
import { StaleNotice } from './StaleNotice'
import { summaryOf } from './summary'
import { useDraft } from './useDraft'
import { usePreview } from './usePreview'
import { useSave } from './useSave'

/** The editor's inputs. `schema` null: the object does not exist yet. */
export function ObjectForms({ schema, objects, placed }: { schema: SchemaBody | null; objects: readonly SchemaBody[]; placed: Placed }) {
  const t = useT()
  const navigate = useNavigate()
  const { tenant, may } = useTenant()
  const draft = useDraft(schema)
  const { form, dirty } = draft
  const { save, saving } = useSave()
  const [refused, setRefused] = useState<Refused[]>([])
  const [failed, setFailed] = useState<Error | null>(null)
  const [attempt, setAttempt] = useState(0)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [dialog, setDialog] = useState<'delete' | 'discard' | null>(null)
  const [leaving] = useState(() => ({ now: false }))
  const name = schema?.labels?.singular || form.singular || t('manage.edit.new')
  useTitle(schema === null ? t('manage.edit.new') : name)
  const locked = !may('schemas:write')
  const preview = usePreview(draft.version, definitionOf(form), schema !== null && dirty && !locked && !draft.stale)
  const guard = useUnsavedGuard(dirty, () => leaving.now, t('manage.edit.leave'))

  const taken = useMemo(() => objects.filter((object) => object.object !== schema?.object).map((object) => object.object), [objects, schema])
  const errors = useMemo(() => {
    const found = new Map<string, string>()
    for (const { path, id, values } of problemsOf(form, taken)) if (!found.has(path)) found.set(path, t(id, values))
    const served = preview.data === undefined ? refused : [...refused, ...refusedAt(preview.data.errors, form)]
    for (const { path, text } of served) if (!found.has(path)) found.set(path, text)
    return found
  }, [form, taken, refused, preview.data, t])
  const visible = (path: string) => attempt > 0 || touched.has(path)
  const editing: Editing = {
    form,
    locked,
    heading: placed.page ? 'h2' : 'h3',
    objects: taken,
    change: (edit) => {
      if (locked) return
      draft.change(edit)
      setRefused([])
      setFailed(null)
    },
    error: (path) => (visible(path) ? (errors.get(path) ?? null) : null),
    problems: (key) => [...errors.keys()].filter((path) => partOf(path) === key && visible(path)).length,
    touch: (path) => setTouched((paths) => (paths.has(path) ? paths : new Set([...paths, path]))),
    isOpen: (key) => opened.has(key),
    setOpen: (key, open) => setOpened((keys) => new Set(open ? [...keys, key] : [...keys].filter((each) => each !== key))),
  }
  const summary = summaryOf(errors, form, t)

  const show = (paths: readonly string[]) => setOpened((keys) => new Set([...keys, ...paths.flatMap((path) => partOf(path) ?? [])]))
  const submit = async () => {
    if (saving || locked) return
    setFailed(null)
    const client = problemsOf(form, taken).map((problem) => problem.path)
    const served = client.length === 0 && schema !== null && dirty ? await preview.ask().then((answer) => refusedAt(answer.errors, form), () => []) : []
    if (client.length + served.length > 0) return refuse([...client, ...served.map((each) => each.path)])
    const result = await save(form, draft.version)
    if ('refused' in result) {
      setRefused(result.refused)
      return refuse(result.refused.map((each) => each.path))
    }
    if ('failed' in result) return setFailed(result.failed)
    setAttempt(0)
    setTouched(new Set())
    if (schema === null) leave(objectPath(tenant, result.schema.object), true)
    else draft.saved(result.schema)
  }
  const refuse = (paths: readonly string[]) => {
    show(paths)
    setAttempt((count) => count + 1)
  }
  const leave = (path: string, replace = false) => {
    leaving.now = true
    draft.close()
    void navigate(path, { replace, flushSync: true })
  }
  const stale = draft.stale && schema !== null

  return (
    <EditingContext value={editing}>
      <EditorFrame placed={placed} label={schema === null ? t('manage.edit.new') : t('manage.edit.label', { name })} title={name} schema={schema ?? undefined}
        menu={schema === null ? null : <EditorMenu schema={schema} name={name} onDelete={() => setDialog('delete')} />}
        foot={(
          <EditorFoot creating={schema === null} saving={saving} locked={locked} onSave={() => void submit()} onCancel={() => (dirty ? setDialog('discard') : placed.close())}>
            {preview.data === undefined ? null : <ChangesPreview preview={preview.data} current={preview.current} base={draft.base} form={form} />}
          </EditorFoot>
        )}>
        <form className="editform" noValidate onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}>
          {stale ? <StaleNotice schema={schema} name={name} yours={draft.version} onMerge={draft.rebase} onDiscard={draft.discard} /> : null}
          {draft.mergedInto === null ? null : <p className="notice compact" role="status"><Icon name="info" />{t('manage.stale.merged', { version: draft.mergedInto })}</p>}
          {draft.restored && dirty && !stale ? (
            <div className="notice compact" role="status">
              <Icon name="undo" /><span className="grow">{t('manage.edit.restored')}</span>
              <button type="button" className="btn xs" onClick={draft.discard}>{t('manage.edit.discard')}</button>
            </div>
          ) : null}
          {failed === null || stale ? null : <ProblemNotice error={failed} again={() => void submit()} />}
          {attempt === 0 ? null : <ErrorSummary key={attempt} title={t('common.correct', { count: summary.length })} errors={summary} onJump={(id) => show([...errors.keys()].filter((path) => inputId(path) === id))} />}
          {schema?.object === CONTACT ? <p className="s12 sub">{t('manage.edit.contactNote')}</p> : null}
          {schema?.integration ? <p className="s12 sub">{t('manage.edit.integrationNote', { integration: integrationName(schema.integration) })}</p> : null}
          {locked ? <p className="notice compact"><Icon name="lock" />{t('manage.noRight')}</p> : null}
          <NamesPart />
          <FieldList />
          <RelationshipList />
          <button type="submit" className="vh" tabIndex={-1} aria-hidden="true" />
        </form>
      </EditorFrame>
      {guard}
      {dialog === 'delete' && schema !== null ? <DeleteDialog schema={schema} name={name} onClose={() => setDialog(null)} onDeleted={() => leave(placed.list)} /> : null}
      {dialog === 'discard' ? (
        <ConfirmDialog title={t('common.unsaved.title')} text={t('common.unsaved.text')} action={t('manage.edit.discard')} onClose={() => setDialog(null)}
          onConfirm={async () => leave(placed.list)} />
      ) : null}
    </EditingContext>
  )
}
