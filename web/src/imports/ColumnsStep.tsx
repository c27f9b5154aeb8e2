import type { ImportMode, SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { Icon } from '../shared/Icon'
import { SelectInput } from '../shared/inputs'
import { Step, type StepState } from '../shared/Steps'
import { formsFound, type Forms } from './forms'
import { FormsChoice } from './FormsChoice'
import { MappingTable } from './MappingTable'
import { asRecord, idCandidates, mappingProblems, missingOf, repeatedId, type Mapping } from './mapping'
import { ModeChoice } from './ModeChoice'
import type { FileSample } from './sample'

/** Step 3: what each column fills, which of them is the record's id, how its values are written, and what becomes of fields
 * that are not in the file. */
export function ColumnsStep({ state, sample, schema, mapping, mode, forms, locked, onMap, onMode, onForms }: {
  state: StepState
  sample: FileSample | null
  schema: SchemaBody | undefined
  mapping: Mapping | null
  mode: ImportMode | null
  forms: Partial<Forms>
  locked: boolean
  onMap: (header: string, target: string | null) => void
  onMode: (mode: ImportMode) => void
  onForms: (forms: Partial<Forms>) => void
}) {
  const t = useT()
  if (state === 'later' || sample === null || schema === undefined || mapping === null) return <Step number={3} title={t('imports.step.columns')} state="later" />
  const used = Object.values(mapping).filter((name) => name !== null).length
  const problems = mappingProblems(sample.headers, mapping)
  const missing = missingOf(schema, mapping)
  const repeated = repeatedId(sample.headers, sample.rows, mapping)
  return (
    <Step number={3} title={t('imports.step.columns')} state={state} text={t('imports.map.text', { used, count: sample.headers.length })}>
      <div className="formgrid importblock">
        {problems.some((problem) => problem.code === 'no_id') ? <ChooseId sample={sample} schema={schema} mapping={mapping} onMap={onMap} /> : null}
        {problems.some((problem) => problem.code === 'nothing') ? <p className="notice warn compact" role="alert"><Icon name="warning" /><span>{t('imports.map.nothing')}</span></p> : null}
        <MappingTable sample={sample} schema={schema} mapping={mapping} problems={problems} locked={locked} onMap={onMap} />
        {repeated === null ? null : <p className="notice warn compact" role="status"><Icon name="warning" /><span>{t('imports.map.repeated', repeated)}</span></p>}
        <FormsChoice found={formsFound(sample, schema, mapping)} said={forms} locked={locked} onSay={onForms} />
        {missing.length === 0 ? null : <ModeChoice missing={missing} plural={schema.labels?.plural ?? schema.object} mode={mode} locked={locked} onMode={onMode} />}
      </div>
    </Step>
  )
}

/** Without an id no row can be imported: it says why, and offers the columns that can be one. */
function ChooseId({ sample, schema, mapping, onMap }: { sample: FileSample; schema: SchemaBody; mapping: Mapping; onMap: (header: string, target: string | null) => void }) {
  const t = useT()
  const candidates = idCandidates(sample.headers, sample.rows, mapping)
  return (
    <div className="notice warn importid">
      <Icon name="warning" />
      <div className="grow">
        <p className="strong">{t('imports.map.noId')}</p>
        <p>{t('imports.map.noIdText')}</p>
        <SelectInput
          label={t('imports.map.useAsId')} value="" options={[{ value: '', label: t('imports.map.chooseColumn') }, ...candidates.map((header) => ({ value: header, label: header }))]}
          onChange={(header) => (header === '' ? undefined : onMap(header, asRecord(mapping[header] ?? null, schema)))}
        />
      </div>
    </div>
  )
}
