import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from 'react-router'
import { call, CallError } from '../../api/call'
import { getSchema } from '../../api/schema'
import { useLanguage } from '../../i18n/LanguageProvider'
import { useT } from '../../i18n/useT'
import { useTenant } from '../../session/SessionProvider'
import { useCatalog } from '../../shared/catalog'
import { EmptyState } from '../../shared/EmptyState'
import { ProblemNotice } from '../../shared/ProblemNotice'
import { Skeletons } from '../../shared/Skeletons'
import { nameOf, useObjects } from '../objects'
import { useRefreshTime } from '../refreshTime'
import { EditorFrame, type Placed } from './EditorFrame'
import { ObjectForms } from './ObjectForms'

/** The editor of an object, or of one that does not exist yet (`object` null): beside the list, or on a page of its own. */
export function ObjectEditor({ object, page, wide }: { object: string | null; page: boolean; wide: boolean }) {
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const list = `/t/${encodeURIComponent(tenant)}/data`
  const placed: Placed = {
    page,
    wide,
    list,
    close: () => {
      void navigate(list)
      // The list may be drawn only now; the object's line takes the focus back.
      if (object !== null) requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`object-${object}`)?.focus()))
    },
  }
  return object === null ? <NewObject placed={placed} /> : <Stored object={object} placed={placed} />
}

function NewObject({ placed }: { placed: Placed }) {
  const objects = useObjects()
  return objects.data === undefined ? <Waiting placed={placed} /> : <ObjectForms schema={null} objects={objects.data} placed={placed} />
}

function Stored({ object, placed }: { object: string; placed: Placed }) {
  const t = useT()
  const { tenant } = useTenant()
  const { language } = useLanguage()
  const catalog = useCatalog()
  const time = useRefreshTime()
  const objects = useObjects()
  const schema = useQuery({
    queryKey: ['schema', tenant, object, language],
    queryFn: ({ signal }) => call(getSchema({ path: { tenant, object }, signal })),
    staleTime: 0,
    refetchOnWindowFocus: true,
  })
  if (schema.data === undefined) {
    if (!schema.isError) return <Waiting placed={placed} />
    return (
      <EditorFrame placed={placed} label={object} title={object}>
        {schema.error instanceof CallError && schema.error.status === 404 ? (
          <EmptyState icon="box" level={3} title={t('manage.edit.unknown.title', { object })} text={t('manage.edit.unknown.text')}>
            <Link className="btn" to={placed.list}>{t('manage.edit.unknown.back')}</Link>
          </EmptyState>
        ) : <ProblemNotice error={schema.error} again={() => void schema.refetch()} />}
      </EditorFrame>
    )
  }
  if (schema.data.status === 'deleted') {
    const name = nameOf(schema.data, catalog.data)
    const from = schema.data.in_reports.from
    return (
      <EditorFrame placed={placed} label={name} title={name} schema={schema.data}>
        <EmptyState icon="trash" level={3} title={t('manage.edit.deleted.title', { name })}
          text={t('manage.edit.deleted.from', { from: from == null ? t('manage.edit.soon') : time.long(from) })} />
      </EditorFrame>
    )
  }
  return <ObjectForms schema={schema.data} objects={objects.data ?? []} placed={placed} />
}

function Waiting({ placed }: { placed: Placed }) {
  const t = useT()
  return <EditorFrame placed={placed} label={t('common.loading')} title=""><Skeletons rows={8} /></EditorFrame>
}
