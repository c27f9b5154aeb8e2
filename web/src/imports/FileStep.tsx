import { useRef } from 'react'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { FieldError } from '../shared/inputs'
import { Step } from '../shared/Steps'
import { SamplePreview } from './SamplePreview'
import type { FileProblem, FileSample } from './sample'

const ACCEPTED = '.csv,.tsv,.ndjson,.jsonl,text/csv,text/tab-separated-values,application/x-ndjson'
const KILOBYTE = 1024
const MEGABYTE = KILOBYTE * KILOBYTE

/** Step 1: a file dropped or chosen, its format told before it is uploaded, and its first rows. */
export function FileStep({ sample, problem, again, over, locked, onFile }: {
  sample: FileSample | null
  problem: FileProblem | null
  again: string | null
  over: boolean
  locked: boolean
  onFile: (file: File) => void
}) {
  const t = useT()
  const formats = useFormats()
  const input = useRef<HTMLInputElement>(null)
  const choose = () => input.current?.click()
  const size = (bytes: number) => bytes < MEGABYTE
    ? t('imports.file.kilobytes', { size: formats.number(Math.ceil(bytes / KILOBYTE)) })
    : t('imports.file.megabytes', { size: formats.number(bytes / MEGABYTE, 1) })
  return (
    <Step
      number={1} title={t('imports.step.file')} state={sample === null ? 'now' : 'done'}
      text={sample === null ? undefined : t('imports.file.summary', { name: sample.name, size: size(sample.size), format: t(`imports.format.${sample.delimiter === '\t' ? 'tsv' : sample.format}`), columns: sample.headers.length })}
      aside={sample === null || locked ? null : <button type="button" className="btn ghost sm" onClick={choose}>{t('imports.file.other')}</button>}
    >
      <input
        ref={input} type="file" className="vh" tabIndex={-1} accept={ACCEPTED} aria-label={t('imports.file.choose')}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          if (file !== undefined) onFile(file)
          event.target.value = ''
        }}
      />
      {sample === null ? (
        <div className={`dropzone ${over ? 'over' : ''}`}>
          <span className="emptyicon"><Icon name="upload" /></span>
          <p className="strong">{t(over ? 'imports.file.drop' : 'imports.file.here')}</p>
          <button type="button" className="btn primary" onClick={choose}>{t('imports.file.choose')}</button>
          <p className="hint">{t('imports.file.hint')}</p>
          {again === null ? null : <p className="s13 sub">{t('imports.file.again', { name: again })}</p>}
        </div>
      ) : <SamplePreview sample={sample} />}
      {problem === null ? null : <div role="alert"><FieldError text={t(`imports.problem.${problem}`)} /></div>}
    </Step>
  )
}
