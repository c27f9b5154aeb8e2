import type { RowErrorBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { csvRow, download } from '../shared/download'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'

const SHOWN_MOST = 50

/** The first rows that were refused, by line, column and reason; `onFix` leads to the column's mapping. */
export function RowErrors({ errors, refused, name, onFix }: { errors: RowErrorBody[]; refused: number; name: string; onFix?: (column: string) => void }) {
  const t = useT()
  const formats = useFormats()
  const save = () => {
    const rows = errors.map((error) => csvRow([error.line, error.column, error.code, error.message, error.suggestion ?? '']))
    download(`${name.replace(/\.[a-z]+$/i, '')}-errors.csv`, `\ufeff${[csvRow(['line', 'column', 'code', 'message', 'suggestion']), ...rows].join('\r\n')}\r\n`, 'text/csv')
  }
  return (
    <section className="rowerrors">
      <div className="row wrap">
        <h3 className="grow">{t('imports.errors.title', { shown: Math.min(errors.length, SHOWN_MOST), count: refused })}</h3>
        <button type="button" className="btn xs" onClick={save}><Icon name="download" />{t('imports.errors.csv')}</button>
      </div>
      <div className="card importscroll" tabIndex={0} role="group" aria-label={t('imports.errors.caption')}>
        <table className="t">
          <caption className="vh">{t('imports.errors.caption')}</caption>
          <thead>
            <tr><th scope="col" className="n">{t('imports.errors.line')}</th><th scope="col">{t('imports.errors.column')}</th><th scope="col">{t('imports.errors.message')}</th></tr>
          </thead>
          <tbody>
            {errors.slice(0, SHOWN_MOST).map((error, index) => (
              <tr key={`${error.line}${error.column}${error.code}${index}`}>
                <td className="n">{formats.number(error.line)}</td>
                <td>
                  {error.column === null ? <span className="mut">{t('imports.errors.row')}</span>
                    : onFix === undefined ? error.column
                      : <button type="button" className="linkbtn" aria-label={t('imports.errors.fix', { column: error.column })} onClick={() => onFix(error.column ?? '')}>{error.column}</button>}
                </td>
                <td className="importmessage">{error.message}{error.suggestion ? <span className="sub"> {t('imports.errors.meant', { suggestion: error.suggestion })}</span> : null}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
