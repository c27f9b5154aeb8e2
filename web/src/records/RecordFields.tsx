import type { FieldDef, SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useRefreshTime } from '../manage/refreshTime'
import { EMPTY, useFormats, type Formats } from '../shared/formats'
import { TypeGlyph } from '../shared/Icon'

/** The fields of a record as reports show them. */
export function RecordFields({ snapshot, externalIds, schema }: { snapshot: Record<string, unknown>; externalIds: string[] | null; schema: SchemaBody | undefined }) {
  const t = useT()
  const formats = useFormats()
  const time = useRefreshTime()
  const known = new Map((schema?.fields ?? []).map((field) => [field.slug, field]))
  const order = [...known.keys()]
  const names = Object.keys(snapshot).sort((one, other) => place(order, one) - place(order, other))
  return (
    <section className="card recordpart" aria-labelledby="record-fields">
      <h3 id="record-fields">{t('records.fields')}</h3>
      <table className="t">
        <caption className="vh">{t('records.fields')}</caption>
        <tbody>
          {names.map((name) => {
            const field = known.get(name)
            const value = valueText(snapshot[name], field, formats, time.long)
            return (
              <tr key={name}>
                <th scope="row"><span className="row"><TypeGlyph type={field?.type ?? 'text'} />{field?.label || name}</span></th>
                <td className={value === EMPTY ? 'mut' : ''}>{value === EMPTY ? <span aria-label={t('common.noValue')} role="img">{EMPTY}</span> : value}</td>
              </tr>
            )
          })}
          {externalIds === null || externalIds.length === 0 ? null : (
            <tr><th scope="row">{t('records.externalIds')}</th><td className="mono">{externalIds.join(', ')}</td></tr>
          )}
        </tbody>
      </table>
    </section>
  )
}

const place = (order: readonly string[], name: string): number => (order.includes(name) ? order.indexOf(name) : order.length)

/** A value of the snapshot in the reader's language: options by their labels, instants in the reports' zone. */
export function valueText(value: unknown, field: FieldDef | undefined, formats: Formats, instant: (iso: string) => string): string {
  if (value === null || value === undefined || value === '') return EMPTY
  const option = (text: string) => field?.options?.find((each) => each.value === text)?.label ?? text
  if (Array.isArray(value)) return value.length === 0 ? EMPTY : value.map((each) => option(String(each))).join('; ')
  if (field?.type === 'datetime' && typeof value === 'string') return instant(value)
  if (typeof value === 'string' && field?.type === 'dropdown') return option(value)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return formats.cell(value, { type: field?.type ?? 'text', scale: field?.scale, currency: field?.currency })
  }
  return JSON.stringify(value)
}
