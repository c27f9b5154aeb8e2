import type { SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { SelectInput } from '../shared/inputs'
import { Step, type StepState } from '../shared/Steps'
import { NewObjectForm } from './NewObjectForm'
import type { NewObject } from './newObject'

const NEW = '+new'

/** Step 2: which object the rows are records of: one of the tenant's, or a new one made of the file. */
export function ObjectStep({ state, objects, object, fresh, locked, onObject, onFresh, onEdit, onCreated }: {
  state: StepState
  objects: readonly SchemaBody[]
  object: string | null
  fresh: NewObject | null
  locked: boolean
  onObject: (schema: SchemaBody) => void
  onFresh: () => void
  onEdit: (fresh: NewObject) => void
  onCreated: (object: string) => void
}) {
  const t = useT()
  const { may } = useTenant()
  const own = may('schemas:write')
  const options = [
    ...(object === null && fresh === null ? [{ value: '', label: t('imports.object.choose') }] : []),
    ...objects.map((schema) => ({ value: schema.object, label: schema.labels?.plural ?? schema.object })),
    ...(own ? [{ value: NEW, label: t('imports.object.new') }] : []),
  ]
  const choose = (value: string) => {
    const schema = objects.find((one) => one.object === value)
    if (value === NEW) onFresh()
    else if (schema !== undefined) onObject(schema)
  }
  return (
    <Step number={2} title={t('imports.step.object')} state={state} text={state === 'later' ? undefined : t('imports.object.text')}>
      {state === 'later' ? null : (
        <div className="formgrid importblock">
          <SelectInput className="importobject" label={t('imports.object.label')} value={fresh === null ? (object ?? '') : NEW} options={options} disabled={locked} onChange={choose} />
          {fresh === null ? null : <NewObjectForm fresh={fresh} objects={objects} onEdit={onEdit} onCreated={onCreated} />}
          {own ? null : <p className="hint">{t('imports.object.forbidden')}</p>}
        </div>
      )}
    </Step>
  )
}
