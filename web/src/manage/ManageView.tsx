import { useMediaQuery } from '@mantine/hooks'
import { useParams, useSearchParams } from 'react-router'
import { useT } from '../i18n/useT'
import { useTitle } from '../shared/useTitle'
import '../styles/manage.css'
import { ObjectEditor } from './editor/ObjectEditor'
import { ObjectList } from './ObjectList'

/** Objects, and beside them the editor of one; on narrow windows, or when asked for, the editor is a page of its own. */
export default function ManageView() {
  const t = useT()
  const { object } = useParams()
  const [search] = useSearchParams()
  const wide = useMediaQuery('(min-width: 1200px)', undefined, { getInitialValueInEffect: false })
  const open = object !== undefined
  const page = open && (!wide || search.has('full'))
  const creating = object === 'new' && !search.has('existing')
  useTitle(t('manage.title'))
  return (
    <div className={`manage ${open && !page ? 'beside' : ''}`}>
      {page ? null : <ObjectList selected={creating ? undefined : object} />}
      {open ? <ObjectEditor key={creating ? ' new' : object} object={creating ? null : object} page={page} wide={wide} /> : null}
    </div>
  )
}
