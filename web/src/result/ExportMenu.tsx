import '../styles/result.css'
import { useRef, useState } from 'react'
import type { SnapshotBlock } from '../api/query'
import { useT } from '../i18n/useT'
import type { Report } from '../report/types'
import { useTenant } from '../session/SessionProvider'
import { Dialog } from '../shared/Dialog'
import { downloadBlob } from '../shared/download'
import { useFormats, type Formats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { Checkbox } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { exportReport, fileName, FORMATS, MOST_ROWS, type ExportFormat } from './exporting'
import { DEFAULT_LIMIT } from './ResultBar'

type ExportProps = { report: Report; title: string; snapshot: SnapshotBlock | null }

/** The button that opens the dialog of an export. */
export function ExportMenu({ report, title, snapshot, className = 'btn' }: ExportProps & { className?: string }) {
  const t = useT()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className={className} aria-haspopup="dialog" onClick={() => setOpen(true)}><Icon name="download" />{t('result.export.button')}</button>
      {open ? <ExportDialog {...{ report, title, snapshot }} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

/** What is exported, in which format; the download with its progress, a way to stop it, and why it failed. */
export function ExportDialog({ report, title, snapshot, onClose }: ExportProps & { onClose: () => void }) {
  const t = useT()
  const formats = useFormats()
  const [format, setFormat] = useState<ExportFormat>('csv')
  const [bom, setBom] = useState(true)
  const [all, setAll] = useState(true)
  const running = useExport(title, snapshot)
  const zone = report.timezone ?? snapshot?.zone
  const limit = report.limit ?? DEFAULT_LIMIT
  const start = () => void running.start({ ...report, limit: all ? MOST_ROWS[format] : limit }, format, bom)
  return (
    <Dialog title={t('result.export.title')} onClose={onClose}>
      <fieldset className="rs-formats">
        <legend className="lab">{t('result.export.format')}</legend>
        {FORMATS.map((choice) => (
          <label key={choice} className="checkline">
            <input type="radio" name="export-format" checked={format === choice} onChange={() => setFormat(choice)} />
            <span>{t(`result.export.${choice}`)}<span className="hint">{t(`result.export.${choice}Hint`)}</span></span>
          </label>
        ))}
      </fieldset>
      {format === 'csv' ? <Checkbox label={t('result.export.bom')} hint={t('result.export.bomHint')} checked={bom} onChange={setBom} /> : null}
      <fieldset className="rs-formats">
        <legend className="lab">{t('result.export.rows')}</legend>
        <label className="checkline"><input type="radio" name="export-rows" checked={all} onChange={() => setAll(true)} /><span>{t('result.export.rowsAllValue', { limit: formats.number(MOST_ROWS[format]) })}</span></label>
        <label className="checkline"><input type="radio" name="export-rows" checked={!all} onChange={() => setAll(false)} /><span>{t('result.export.rowsLimit', { limit: formats.number(limit) })}</span></label>
      </fieldset>
      <dl className="rs-facts">
        {zone === undefined ? null : <><dt>{t('result.export.zone')}</dt><dd>{zone}</dd></>}
        {snapshot === null ? null : <><dt>{t('result.export.snapshot')}</dt><dd>{formats.instant(snapshot.as_of, snapshot.zone)}</dd></>}
      </dl>
      <p className="hint">{t('result.export.safe')}</p>
      <ExportProgress running={running} />
      <div className="row actions">
        {running.bytes === null ? (
          <>
            <button type="button" className="btn" onClick={onClose}>{t('common.close')}</button>
            <button type="button" className="btn primary" onClick={start}><Icon name="download" />{t('result.export.start')}</button>
          </>
        ) : (
          <button type="button" className="btn" onClick={running.cancel}>{t('common.cancel')}</button>
        )}
      </div>
    </Dialog>
  )
}

function ExportProgress({ running }: { running: ReturnType<typeof useExport> }) {
  const t = useT()
  const formats = useFormats()
  const { bytes, done, error } = running
  return (
    <div role="status" className="rs-progress">
      {bytes === null ? null : (
        <><div className="rs-track" aria-hidden="true"><span /></div><p className="s12 sub">{bytes === 0 ? t('result.export.waiting') : t('result.export.progress', { size: size(bytes, formats) })}</p></>
      )}
      {done === null ? null : <p className="state ok"><Icon name="checkCircle" />{t('result.export.done', { name: done.name, size: size(done.bytes, formats) })}</p>}
      {error === null ? null : <ProblemNotice error={error} compact />}
    </div>
  )
}

const UNITS = ['B', 'kB', 'MB', 'GB']

/** A number of bytes in words. */
export function size(bytes: number, formats: Pick<Formats, 'number'>): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${formats.number(Math.round((bytes / 1000 ** power) * 10) / 10)}\u00a0${UNITS[power]}`
}

/** Runs one export at a time. `bytes` is null when none runs. */
export function useExport(title: string, snapshot: SnapshotBlock | null) {
  const t = useT()
  const { tenant } = useTenant()
  const [bytes, setBytes] = useState<number | null>(null)
  const [done, setDone] = useState<{ name: string; bytes: number } | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const control = useRef<AbortController | null>(null)
  const start = async (report: Report, format: ExportFormat, bom: boolean) => {
    if (control.current !== null) return
    control.current = new AbortController()
    setBytes(0)
    setDone(null)
    setError(null)
    try {
      const blob = await exportReport(tenant, report, format, { bom, signal: control.current.signal, onBytes: setBytes })
      const day = (snapshot?.as_of ?? new Date().toISOString()).slice(0, 10)
      const name = fileName(title.trim() === '' ? t('result.export.file') : title, day, format)
      downloadBlob(blob, name)
      setDone({ name, bytes: blob.size })
    } catch (failure) {
      if (!(failure instanceof DOMException && failure.name === 'AbortError')) setError(failure as Error)
    } finally {
      control.current = null
      setBytes(null)
    }
  }
  return { bytes, done, error, start, cancel: () => control.current?.abort() }
}
