import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { call } from '../api/call'
import { backfill, type ConnectionBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { CopyButton } from '../shared/CopyButton'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { FieldError } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { begun, readPages, withPage, type BackfillProgress, type ExportPage } from './backfill'
import { connectionsKey } from './queries'
import { backfillCommand } from './webhook'

/** Reads what happened before the connection: by the command, or from pages of the vendor's export. */
export function Backfill({ connection }: { connection: ConnectionBody }) {
  const t = useT()
  const { tenant } = useTenant()
  const command = backfillCommand(connection.kind, tenant, connection.name)
  return (
    <div className="formgrid">
      <p className="s13 sub">{t('integrations.history.text')}</p>
      <div className="formgrid tight">
        <h3>{t('integrations.history.command')}</h3>
        <p className="s13 sub">{t(connection.kind === 'zendesk' ? 'integrations.history.command.zendesk' : 'integrations.history.command.calendly')}</p>
        <pre className="command small" tabIndex={0}>{command}</pre>
        <div><CopyButton text={command} what={t('integrations.history.command')} /></div>
      </div>
      <UploadPages connection={connection} />
    </div>
  )
}

function UploadPages({ connection }: { connection: ConnectionBody }) {
  const t = useT()
  const formats = useFormats()
  const input = useRef<HTMLInputElement>(null)
  const [wrong, setWrong] = useState<ExportPage[]>([])
  const [progress, setProgress] = useState<BackfillProgress | null>(null)
  const send = useSendPages(connection.name, setProgress)
  const take = async (files: File[]) => {
    const pages = await readPages(files)
    setWrong(pages.filter((page) => page.problem !== null))
    const right = pages.filter((page) => page.problem === null)
    if (right.length > 0) send.mutate(right)
  }
  return (
    <div className="formgrid tight">
      <h3>{t('integrations.history.upload')}</h3>
      <p className="s13 sub">{t(connection.kind === 'zendesk' ? 'integrations.history.upload.zendesk' : 'integrations.history.upload.calendly')}</p>
      <input
        ref={input} type="file" multiple accept=".json,application/json" className="vh" tabIndex={-1} aria-label={t('integrations.history.choose')}
        onChange={(event) => {
          void take([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      <div><button type="button" className="btn" aria-disabled={send.isPending} onClick={() => (send.isPending ? undefined : input.current?.click())}><Icon name="upload" />{t('integrations.history.choose')}</button></div>
      {wrong.map((page) => <FieldError key={page.name} text={t(`integrations.history.${page.problem ?? 'not_json'}`, { name: page.name })} />)}
      {progress === null ? null : (
        <div className="formgrid tight">
          <p role="status" className="s13">{t('integrations.history.progress', { done: progress.done, pages: progress.pages, accepted: formats.number(progress.accepted), refused: formats.number(progress.refused) })}</p>
          <progress className="bar" max={progress.pages} value={progress.done} aria-label={t('integrations.history.upload')} />
          {progress.reasons.length === 0 ? null : <ul className="problems s12 sub">{progress.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>}
        </div>
      )}
      {send.error === null ? null : (
        <>
          <ProblemNotice error={send.error} compact />
          <p className="s13 sub">{t('integrations.history.repeat', { name: progress?.failed ?? '' })}</p>
        </>
      )}
    </div>
  )
}

/** Posts page after page; the first that fails stops it. */
function useSendPages(name: string, report: (progress: BackfillProgress) => void) {
  const { tenant } = useTenant()
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (pages: ExportPage[]) => {
      let progress = begun(pages.length)
      report(progress)
      for (const page of pages) {
        try {
          progress = withPage(progress, await call(backfill({ path: { tenant, name }, body: page.body })), page.name)
        } catch (error) {
          report({ ...progress, failed: page.name })
          throw error
        }
        report(progress)
      }
    },
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: connectionsKey(tenant) }), client.invalidateQueries({ queryKey: ['catalog', tenant] })]),
  })
}
