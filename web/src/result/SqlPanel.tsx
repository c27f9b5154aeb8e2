import '../styles/result.css'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call'
import { runQuery, type DryRunBody, type RunQueryData, type StatementBody } from '../api/query'
import type { MessageId } from '../i18n'
import { useLanguage } from '../i18n/LanguageProvider'
import { useT } from '../i18n/useT'
import type { Report } from '../report/types'
import { useTenant } from '../session/SessionProvider'
import { CopyButton } from '../shared/CopyButton'
import { SidePanel } from '../shared/Dialog'
import { useFormats } from '../shared/formats'
import { SelectInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'

/** What a report runs, to read and copy. Nothing is run. */
export function SqlPanel({ report, onClose }: { report: Report; onClose: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  const { language } = useLanguage()
  const dry = useQuery({
    queryKey: ['sql', tenant, report, language],
    queryFn: async ({ signal }) =>
      (await call(runQuery({ path: { tenant }, query: { dry_run: true }, body: report as unknown as RunQueryData['body'], signal }))) as DryRunBody,
  })
  return (
    <SidePanel title={t('result.sql.title')} onClose={onClose} size="min(720px, 100%)">
      {dry.data !== undefined ? <Statements run={dry.data} /> : dry.isError ? <ProblemNotice error={dry.error} again={() => void dry.refetch()} /> : <Skeletons />}
    </SidePanel>
  )
}

function Statements({ run }: { run: DryRunBody }) {
  const t = useT()
  const formats = useFormats()
  const [chosen, setChosen] = useState(0)
  const statement = run.statements[chosen] ?? { part: 'rows', sql: run.sql, parameters: run.parameters }
  return (
    <div className="rs-sql">
      <p className="s12 sub">
        {t('result.sql.runs', { instant: formats.instant(run.snapshot.as_of, run.snapshot.zone) })} · {t('result.sql.reads', { read: formats.number(run.estimated_rows.read) })}
      </p>
      <div className="row rs-sqlhead">
        {run.statements.length > 1 ? (
          <SelectInput
            label={t('result.sql.part')}
            hideLabel
            value={String(chosen)}
            options={run.statements.map((candidate, at) => ({ value: String(at), label: partName(candidate, t) }))}
            onChange={(value) => setChosen(Number(value))}
          />
        ) : null}
        <span className="grow" />
        <CopyButton text={statement.sql} what={t('result.sql.button')} />
      </div>
      <pre className="mono" tabIndex={0} role="region" aria-label={t('result.sql.code')}>{statement.sql}</pre>
      <Parameters statement={statement} />
    </div>
  )
}

const NAMED: Record<string, MessageId> = { rows: 'result.sql.rows', totals: 'result.sql.totals', join: 'result.sql.join' }

function partName(statement: StatementBody, t: ReturnType<typeof useT>): string {
  const id = NAMED[statement.part]
  return id === undefined ? statement.part : t(id)
}

function Parameters({ statement }: { statement: StatementBody }) {
  const t = useT()
  const entries = Object.entries(statement.parameters)
  if (entries.length === 0) return null
  return (
    <table className="t">
      <caption className="lab">{t('result.sql.parameters')}</caption>
      <thead><tr><th scope="col">{t('result.sql.name')}</th><th scope="col">{t('result.sql.value')}</th></tr></thead>
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name}><td className="mono">{name}</td><td className="mono rs-param">{typeof value === 'string' ? value : JSON.stringify(value)}</td></tr>
        ))}
      </tbody>
    </table>
  )
}
