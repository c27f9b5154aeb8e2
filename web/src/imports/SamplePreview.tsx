import { useT } from '../i18n/useT'
import type { FileSample } from './sample'

const ROWS = 3

/** The first rows of a file as they were read. */
export function SamplePreview({ sample }: { sample: FileSample }) {
  const t = useT()
  return (
    <div className="card importscroll importpreview" tabIndex={0} role="group" aria-label={t('imports.preview')}>
      <table className="t">
        <caption className="vh">{t('imports.preview')}</caption>
        <thead><tr>{sample.headers.map((header, index) => <th key={`${header}${index}`} scope="col">{header === '' ? t('imports.noHeader') : header}</th>)}</tr></thead>
        <tbody>
          {sample.rows.slice(0, ROWS).map((row, line) => (
            <tr key={line}>{sample.headers.map((header, index) => <td key={`${header}${index}`}><span className="trunc">{row[index] ?? ''}</span></td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
