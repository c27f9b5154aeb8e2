import type { SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { TypeGlyph } from '../shared/Icon'
import { FieldError } from '../shared/inputs'
import { targetsOf, type Mapping, type MappingProblem, type Target } from './mapping'
import type { FileSample } from './sample'

const SHOWN_VALUES = 3

/** The id of the select of a column: errors lead to it. */
export const mapId = (index: number): string => `map-${index}`

/** One row a column: its name, its first values, and what it fills. */
export function MappingTable({ sample, schema, mapping, problems, locked, onMap }: {
  sample: FileSample
  schema: SchemaBody
  mapping: Mapping
  problems: MappingProblem[]
  locked: boolean
  onMap: (header: string, target: string | null) => void
}) {
  const t = useT()
  const targets = targetsOf(schema, sample.format === 'ndjson')
  return (
    <div className="card importscroll importmap" tabIndex={0} role="group" aria-label={t('imports.map.caption')}>
      <table className="t tall">
        <caption className="vh">{t('imports.map.caption')}</caption>
        <thead><tr><th scope="col">{t('imports.map.column')}</th><th scope="col" className="values">{t('imports.map.values')}</th><th scope="col">{t('imports.map.fills')}</th></tr></thead>
        <tbody>
          {sample.headers.map((header, index) => {
            const problem = problems.find((one) => one.header === header)
            const target = targets.find((one) => one.name === mapping[header])
            return (
              <tr key={`${header}${index}`}>
                <th scope="row"><span className="trunc">{header === '' ? t('imports.noHeader') : header}</span></th>
                <td className="sub values"><span className="trunc importvalues">{firstValues(sample, index)}</span></td>
                <td>
                  <div className="row">
                    {target?.kind === 'field' || target?.kind === 'both' ? <TypeGlyph type={target.field.type} /> : null}
                    <select
                      id={mapId(index)} className={`inp ${problem === undefined ? '' : 'err'} ${mapping[header] == null ? 'off' : ''}`} aria-label={t('imports.map.fillsOf', { column: header })}
                      aria-invalid={problem === undefined ? undefined : true} aria-describedby={problem === undefined ? undefined : `${mapId(index)}-error`} disabled={locked}
                      value={mapping[header] ?? ''} onChange={(event) => onMap(header, event.target.value === '' ? null : event.target.value)}
                    >
                      <TargetOptions targets={targets} chosen={mapping[header] ?? null} />
                    </select>
                  </div>
                  {problem === undefined ? null : <FieldError id={`${mapId(index)}-error`} text={problem.code === 'twice' ? t('imports.map.twice', { other: problem.other ?? '' }) : t('imports.map.headerTwice')} />}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function firstValues(sample: FileSample, index: number): string {
  const values = sample.rows.map((row) => row[index] ?? '').filter((value) => value !== '')
  return [...new Set(values)].slice(0, SHOWN_VALUES).join(' · ')
}

/** `chosen`: what the column fills; as its record id it can fill that text, too. */
function TargetOptions({ targets, chosen }: { targets: Target[]; chosen: string | null }) {
  const t = useT()
  const of = (kind: Target['kind']) => targets.filter((target) => target.kind === kind)
  const links = targets.filter((target) => target.kind === 'link' || target.kind === 'links')
  return (
    <>
      <option value="">{t('imports.map.none')}</option>
      {of('record').map((target) => <option key={target.name} value={target.name}>{t('imports.map.record')}</option>)}
      {targets.map((target) => (target.kind === 'both' && (target.name === chosen || target.field.slug === chosen)
        ? <option key={target.name} value={target.name}>{t('imports.map.recordAnd', { field: target.field.label ?? target.field.slug })}</option> : null))}
      {of('external_ids').map((target) => <option key={target.name} value={target.name}>{t('imports.map.externalIds')}</option>)}
      <optgroup label={t('imports.map.fields')}>
        {targets.map((target) => (target.kind === 'field' ? <option key={target.name} value={target.name}>{target.field.label ?? target.name}</option> : null))}
      </optgroup>
      {links.length === 0 ? null : (
        <optgroup label={t('imports.map.contact')}>
          {targets.map((target) => {
            if (target.kind === 'link') return <option key={target.name} value={target.name}>{t(`imports.map.link.${target.form}`, { label: target.label })}</option>
            return target.kind === 'links' ? <option key={target.name} value={target.name}>{target.label}</option> : null
          })}
        </optgroup>
      )}
    </>
  )
}
