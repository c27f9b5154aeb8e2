import type { ImportMode, SchemaBody } from '../api/schema'
import { readStored, writeStored } from '../shared/store'
import { formsFound, type Forms } from './forms'
import { mappingProblems, missingOf, suggestMapping, type Mapping } from './mapping'
import { mappingOf, proposeObject, type NewObject } from './newObject'
import type { FileSample } from './sample'

/** What the reader has said so far. `fresh`: the object to be made of the file, until it is created. `forms`: how the file
 * writes its values, where it is said otherwise than the file shows. `parameter`: another one applies rows again that were
 * imported before. */
export type ImportDraft = {
  sample: FileSample | null
  object: string | null
  fresh: NewObject | null
  mapping: Mapping | null
  mode: ImportMode | null
  forms: Partial<Forms>
  parameter: string
}

export const EMPTY_DRAFT: ImportDraft = { sample: null, object: null, fresh: null, mapping: null, mode: null, forms: {}, parameter: '' }

export type ImportAction =
  | { type: 'file'; sample: FileSample; objects: readonly SchemaBody[]; wished: string | null; kept: KeptDraft | null; said?: Said }
  | { type: 'object'; schema: SchemaBody; said?: Said }
  | { type: 'fresh'; objects: readonly SchemaBody[] }
  | { type: 'edit'; fresh: NewObject }
  | { type: 'created'; object: string }
  | { type: 'map'; header: string; target: string | null }
  | { type: 'mode'; mode: ImportMode }
  | { type: 'forms'; forms: Partial<Forms> }
  | { type: 'parameter'; parameter: string }
  | { type: 'reset' }

/** What the columns of an object's files were last said to fill. */
export type Said = (object: string) => Mapping

export function importReducer(draft: ImportDraft, action: ImportAction): ImportDraft {
  switch (action.type) {
    case 'file':
      return begun(action)
    case 'object':
      return draft.sample === null ? draft : { ...draft, ...chosen(draft.sample, action.schema, action.said) }
    case 'fresh':
      return draft.sample === null ? draft : { ...draft, ...fresh(draft.sample, action.objects) }
    case 'edit':
      return { ...draft, fresh: action.fresh }
    case 'created':
      return draft.fresh === null ? draft : { ...draft, object: action.object, mapping: mappingOf(draft.fresh), mode: 'upsert', fresh: null }
    case 'map':
      return { ...draft, mapping: { ...draft.mapping, [action.header]: action.target } }
    case 'mode':
      return { ...draft, mode: action.mode }
    case 'forms':
      return { ...draft, forms: action.forms }
    case 'parameter':
      return { ...draft, parameter: action.parameter }
    case 'reset':
      return EMPTY_DRAFT
  }
}

/** What is kept of a draft: it fits another choice of the same file. */
export type KeptDraft = Pick<ImportDraft, 'object' | 'fresh' | 'mapping' | 'mode' | 'forms'>

function begun({ sample, objects, wished, kept, said }: Extract<ImportAction, { type: 'file' }>): ImportDraft {
  const draft = { ...EMPTY_DRAFT, sample }
  if (kept !== null && fits(kept, sample, objects)) return { ...draft, ...kept }
  const schema = objects.find((one) => one.object === wished) ?? likeliest(sample, objects, said)
  return { ...draft, ...(schema === null ? fresh(sample, objects) : chosen(sample, schema, said)) }
}

function fits(kept: KeptDraft, sample: FileSample, objects: readonly SchemaBody[]): boolean {
  const headers = kept.mapping === null ? kept.fresh?.columns.map((column) => column.header) : Object.keys(kept.mapping)
  const known = kept.object === null || objects.some((schema) => schema.object === kept.object)
  return known && headers !== undefined && sample.headers.every((header) => headers.includes(header))
}

/** The mode is left open: an object that no report shows yet may have records all the same, whose fields a row would empty. */
function chosen(sample: FileSample, schema: SchemaBody, said?: Said): Partial<ImportDraft> {
  return { object: schema.object, fresh: null, mapping: suggested(sample, schema, said), mode: null }
}

const suggested = (sample: FileSample, schema: SchemaBody, said?: Said) => suggestMapping(sample.headers, schema, sample.format === 'ndjson', said?.(schema.object))

function fresh(sample: FileSample, objects: readonly SchemaBody[]): Partial<ImportDraft> {
  return { object: null, fresh: proposeObject(sample, objects.map((schema) => schema.object)), mapping: null, mode: null }
}

/** At least half of the columns fit the object that they are taken for. */
const FITS = 0.5

/** The object of which most columns are columns; null where none fits well: then a new one is suggested. */
export function likeliest(sample: FileSample, objects: readonly SchemaBody[], said?: Said): SchemaBody | null {
  let best: SchemaBody | null = null
  let most = FITS
  for (const schema of objects) {
    const share = Object.values(suggested(sample, schema, said)).filter((name) => name !== null).length / Math.max(sample.headers.length, 1)
    if (share >= most && (best === null || share > most)) [best, most] = [schema, share]
  }
  return best
}

export type ImportStep = 'file' | 'object' | 'columns' | 'check'

/** The step that waits for the reader. */
export function stepOf(draft: ImportDraft, schema: SchemaBody | undefined): ImportStep {
  if (draft.sample === null) return 'file'
  if (draft.mapping === null || schema === undefined) return 'object'
  if (mappingProblems(draft.sample.headers, draft.mapping).length > 0 || formsOf(draft, schema) === null) return 'columns'
  return asksMode(draft, schema) && draft.mode === null ? 'columns' : 'check'
}

/** How the file writes its values: as the reader says, else as its sample shows; null while that leaves them open. */
export function formsOf({ sample, mapping, forms }: ImportDraft, schema: SchemaBody): Forms | null {
  if (sample === null || mapping === null) return null
  const { decimal, dates } = { ...formsFound(sample, schema, mapping), ...forms }
  return decimal === null || dates === null ? null : { decimal, dates }
}

/** Whether the reader has to say what becomes of the fields that are not in the file. */
export const asksMode = (draft: ImportDraft, schema: SchemaBody): boolean => draft.mapping !== null && missingOf(schema, draft.mapping).length > 0

/** What the rows do: replace whole records unless the reader says otherwise. */
export const modeOf = (draft: ImportDraft, schema: SchemaBody): ImportMode => (asksMode(draft, schema) ? (draft.mode ?? 'upsert') : 'upsert')

const keyOf = (tenant: string, sample: Pick<FileSample, 'name' | 'size'>) => `crosslook.import.${tenant}.${sample.size}.${sample.name}`

const columnsKey = (tenant: string, object: string) => `crosslook.import.columns.${tenant}.${object}`

/** What the columns of an object's files were last said to fill: a corrected file, or next month's, fills the same. */
export function saidOf(tenant: string): Said {
  return (object) => readStored(localStorage, columnsKey(tenant, object), isMapping) ?? {}
}

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && Object.values(value).every((target) => target === null || typeof target === 'string')

/** Keeps what was said about a file until the window is closed, and about its columns for the next one. */
export function keepDraft(tenant: string, draft: ImportDraft): void {
  if (draft.sample === null) return
  const { object, fresh: proposal, mapping, mode, forms } = draft
  if (object !== null && mapping !== null) writeStored(localStorage, columnsKey(tenant, object), { ...saidOf(tenant)(object), ...mapping })
  try {
    sessionStorage.setItem(keyOf(tenant, draft.sample), JSON.stringify({ object, fresh: proposal, mapping, mode, forms }))
    sessionStorage.setItem(`crosslook.import.${tenant}`, draft.sample.name)
  } catch {
    // The browser's store is full: a reload then begins with suggestions.
  }
}

export function keptDraft(tenant: string, file: Pick<FileSample, 'name' | 'size'>): KeptDraft | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(tenant, file)) ?? 'null') as KeptDraft | null
  } catch {
    return null
  }
}

/** The name of the file that was being imported when the page was left; null once it was imported. */
export const interruptedFile = (tenant: string): string | null => sessionStorage.getItem(`crosslook.import.${tenant}`)

export function forgetDraft(tenant: string, sample: FileSample): void {
  sessionStorage.removeItem(keyOf(tenant, sample))
  sessionStorage.removeItem(`crosslook.import.${tenant}`)
}
