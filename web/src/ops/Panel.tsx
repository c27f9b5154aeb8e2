import type { ReactNode } from 'react'
import { useT } from '../i18n/useT'
import { ProblemNotice } from '../shared/ProblemNotice'

type Asked<Data> = { data: Data | undefined; error: Error | null; isError: boolean; refetch: () => unknown }

/** A card with a title that asks for its own data: it loads alone and fails alone. What was there before stays while
 * an update fails. `rows`: how many rows the skeleton has. */
export function Panel<Data>({ id, title, note, tools, asked, rows = 5, children }: {
  id: string
  title: string
  note?: ReactNode
  tools?: ReactNode
  asked: Asked<Data>
  rows?: number
  children: (data: Data) => ReactNode
}) {
  const t = useT()
  const { data } = asked
  return (
    <section className="card opspanel" aria-labelledby={id}>
      <div className="opshead">
        <h2 id={id} tabIndex={-1}>{title}</h2>
        {note === undefined ? null : <span className="s13 mut">{note}</span>}
        <span className="grow" />
        {tools}
      </div>
      {asked.isError && asked.error !== null ? (
        <div className="opsfailed"><ProblemNotice error={asked.error} again={() => void asked.refetch()} compact={data !== undefined} /></div>
      ) : null}
      {data === undefined ? asked.isError ? null : <Rows label={t('common.loading')} rows={rows} /> : children(data)}
    </section>
  )
}

/** Skeleton of a table. */
function Rows({ label, rows }: { label: string; rows: number }) {
  return (
    <div className="opsrows" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div className="opsrow" key={index}>
          {[18, 34, 14, 20].map((width, at) => <span key={width} className="sk" style={{ width: `${width - ((index * (at + 3)) % 7)}%` }} />)}
        </div>
      ))}
    </div>
  )
}

/** A table that scrolls sideways in its own frame, which the keyboard can reach. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return <div className="opsscroll" role="group" aria-label={label} tabIndex={0}>{children}</div>
}
