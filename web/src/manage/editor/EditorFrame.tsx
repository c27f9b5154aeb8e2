import { useEffect, useRef, type ReactNode } from 'react'
import { Link, useNavigate } from 'react-router'
import type { SchemaBody } from '../../api/schema'
import { useT } from '../../i18n/useT'
import { useFormats } from '../../shared/formats'
import { Icon, objectIcon } from '../../shared/Icon'
import { DataNav } from '../DataNav'
import { objectPath, useRecordCounts } from '../objects'
import { ReportState } from '../ReportState'
import { useTenant } from '../../session/SessionProvider'

/** Where the editor stands, and how it is left. */
export type Placed = { page: boolean; wide: boolean; list: string; close: () => void }

const NONE: readonly SchemaBody[] = []

/** Head, scrolling body and foot of the editor. */
export function EditorFrame({ placed, label, title, schema, menu, foot, children }: {
  placed: Placed
  label: string
  title: string
  schema?: SchemaBody
  menu?: ReactNode
  foot?: ReactNode
  children: ReactNode
}) {
  const t = useT()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const Heading = placed.page ? 'h1' : 'h2'
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [schema?.object])
  const here = schema === undefined ? `${placed.list}/objects/new` : objectPath(tenant, schema.object)
  const parts = (
    <>
      <div className="edithead">
        {placed.page ? <Link className="lk s13" to={placed.list}><Icon name="chevronLeft" />{t('manage.edit.back')}</Link> : null}
        <div className="row">
          <span className="sub row"><Icon name={schema === undefined ? 'box' : objectIcon(schema.object, schema.integration)} /></span>
          <Heading className="grow trunc" tabIndex={-1} ref={heading}>{title}</Heading>
          {menu}
          {placed.wide ? (
            <button type="button" className="btn ghost sm sq" aria-label={t(placed.page ? 'manage.edit.sidePanel' : 'manage.edit.fullPage')}
              onClick={() => void navigate(placed.page ? here : `${here}${here.includes('?') ? '&' : '?'}full`)}>
              <Icon name={placed.page ? 'table' : 'external'} />
            </button>
          ) : null}
          <button type="button" className="btn ghost sm sq" aria-label={t('common.close')} onClick={placed.close}><Icon name="close" /></button>
        </div>
        {schema === undefined ? null : <Facts schema={schema} />}
      </div>
      <div className="editbody">{children}</div>
      {foot === undefined ? null : <div className="editfoot">{foot}</div>}
    </>
  )
  if (!placed.page) return <aside className="editor" aria-label={label}>{parts}</aside>
  return (
    <main className="page editpage" id="main" tabIndex={-1}>
      <DataNav />
      <div className="editor card">{parts}</div>
    </main>
  )
}

function Facts({ schema }: { schema: SchemaBody }) {
  const t = useT()
  const formats = useFormats()
  const count = useRecordCounts(schema.status === 'deleted' ? NONE : [schema]).get(schema.object)
  const facts = [t('manage.edit.version', { version: formats.number(schema.version) })]
  if (count != null) facts.push(t('manage.edit.records', { count }))
  return (
    <div className="row wrap s12 editfacts">
      <ReportState schema={schema} below={false} />
      <span className="mut">· {facts.join(' · ')}</span>
    </div>
  )
}
