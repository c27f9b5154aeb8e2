import type { ImportMode } from '../api/schema'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { Checkbox } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Step, type StepState } from '../shared/Steps'
import { RowErrors } from './RowErrors'
import type { FileSample } from './sample'
import type { Importing } from './useImporting'

/** Step 4: a dry run that says what would become of the rows, then the import with its progress. */
export function CheckStep({ state, sample, mode, importing, parameter, onCheck, onImport, onParameter, onFix }: {
  state: StepState
  sample: FileSample | null
  mode: ImportMode
  importing: Importing
  parameter: string
  onCheck: () => void
  onImport: () => void
  onParameter: (again: boolean) => void
  onFix: (column: string) => void
}) {
  const t = useT()
  const formats = useFormats()
  if (state === 'later' || sample === null) return <Step number={4} title={t('imports.step.check')} state="later" />
  const { check, bring, running, share } = importing
  const checked = check.data
  const problem = bring.error ?? check.error
  const busy = check.isPending || bring.isPending
  return (
    <Step number={4} title={t('imports.step.check')} state={state} text={t('imports.check.text')}>
      <div className="formgrid importblock">
        {checked === undefined ? null : (
          <div className="card checkresult" role="status">
            <Figure value={formats.number(checked.rows)} label={t('imports.check.rows', { count: checked.rows })} />
            <Figure value={formats.number(checked.accepted)} label={t('imports.check.accepted')} tone={checked.accepted > 0 ? 'ok' : undefined} />
            <Figure value={formats.number(checked.refused)} label={t('imports.check.refused')} tone={checked.refused > 0 ? 'warn' : undefined} />
            <p className="s13 sub grow">{t(checked.refused === 0 ? 'imports.check.fine' : checked.accepted === 0 ? 'imports.check.none' : 'imports.check.some')}{mode === 'patch' && checked.accepted > 0 ? ` ${t('imports.check.patch')}` : ''}</p>
          </div>
        )}
        {checked !== undefined && checked.errors.length > 0 ? <RowErrors errors={checked.errors} refused={checked.refused} name={sample.name} onFix={onFix} /> : null}
        {problem === null ? null : isStopped(problem) ? <p className="notice compact" role="status"><Icon name="info" /><span>{t(problem === bring.error ? 'imports.stopped.import' : 'imports.stopped.check')}</span></p> : <ProblemNotice error={problem} />}
        {busy ? (
          <div>
            <p className="s13" role="status">
              {check.isPending ? t('imports.check.checking', { share: formats.percent(share) })
                : running === null ? t('imports.check.uploading', { share: formats.percent(share) })
                  : t('imports.check.importing', { rows: formats.number(running.rows), accepted: formats.number(running.accepted) })}
            </p>
            <progress className="bar" max={1} value={share} aria-label={t('imports.check.progress')} />
          </div>
        ) : null}
        <details className="importagain">
          <summary>{t('imports.again.title')}</summary>
          <div className="formgrid">
            <p className="s13 sub">{t('imports.again.text')}</p>
            <Checkbox label={t('imports.again.apply')} checked={parameter !== ''} disabled={busy} onChange={onParameter} />
          </div>
        </details>
        <div className="row wrap">
          {checked === undefined || checked.accepted === 0 ? null : (
            <button type="button" className="btn primary" aria-disabled={busy} onClick={() => (busy ? undefined : onImport())}>
              <Icon name="upload" />{t('imports.check.import', { count: checked.accepted })}
            </button>
          )}
          <button type="button" className={`btn ${checked === undefined ? 'primary' : ''}`} aria-disabled={busy} onClick={() => (busy ? undefined : onCheck())}>
            {t(checked === undefined ? 'imports.check.check' : 'imports.check.again')}
          </button>
          {busy ? <button type="button" className="btn ghost" onClick={importing.stop}>{t('common.cancel')}</button> : null}
        </div>
      </div>
    </Step>
  )
}

/** Whether the reader ended it. */
const isStopped = (error: Error) => error.name === 'AbortError'

function Figure({ value, label, tone }: { value: string; label: string; tone?: 'ok' | 'warn' }) {
  return (
    <p className="figure">
      <b className={tone}>{tone === undefined ? null : <Icon name={tone === 'ok' ? 'checkCircle' : 'warning'} />}{value}</b>
      <span className="s12 sub">{label}</span>
    </p>
  )
}
