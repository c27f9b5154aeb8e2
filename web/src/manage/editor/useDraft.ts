import { useEffect, useRef, useState } from 'react'
import type { SchemaBody } from '../../api/schema'
import { useT } from '../../i18n/useT'
import { useTenant } from '../../session/SessionProvider'
import { emptyForm, formOf, sameForm, type ObjectForm } from '../form'
import { dropDraft, keepDraft, readDraft, type KeptDraft } from '../keptDraft'
import { merged } from '../merged'

const NEW = ' new'

/** What is typed about an object: kept for this tab, given back after a reload, and carried over to newer versions. */
export function useDraft(schema: SchemaBody | null) {
  const { tenant } = useTenant()
  const t = useT()
  const kept = schema?.object ?? NEW
  const [first] = useState(() => begin(readDraft(tenant, kept), schema, () => emptyForm(t('manage.relationships.contactLabel'))))
  const [{ version, base, form }, setDraft] = useState<KeptDraft>(first.draft)
  const [restored, setRestored] = useState(first.restored)
  const [mergedInto, setMergedInto] = useState<number | null>(null)
  const dirty = !sameForm(base, form)
  const closed = useRef(false)
  useEffect(() => {
    if (closed.current) return
    if (dirty) keepDraft(tenant, kept, { version, base, form })
    else dropDraft(tenant, kept)
  }, [tenant, kept, dirty, version, base, form])
  // Without edits of the reader's own, a newer version is simply shown.
  useEffect(() => {
    if (schema !== null && !dirty && schema.version > version) setDraft(begun(schema))
  }, [schema, dirty, version])
  return {
    version,
    base,
    form,
    dirty,
    restored,
    mergedInto,
    stale: schema !== null && dirty && schema.version > version,
    change: (edit: (form: ObjectForm) => ObjectForm) => setDraft((draft) => ({ ...draft, form: edit(draft.form) })),
    discard: () => {
      setDraft(schema === null ? begin(null, null, () => emptyForm(t('manage.relationships.contactLabel'))).draft : begun(schema))
      setRestored(false)
      setMergedInto(null)
    },
    /** Continue with the newer version, keeping what was typed. */
    rebase: () => {
      if (schema === null) return
      const theirs = formOf(schema)
      setDraft({ version: schema.version, base: theirs, form: merged(base, form, theirs) })
      setRestored(false)
      setMergedInto(schema.version)
    },
    saved: (next: SchemaBody) => {
      setDraft(begun(next))
      setRestored(false)
      setMergedInto(null)
    },
    /** Nothing is kept from here on: what was typed is saved or given up, and the editor closes. */
    close: () => {
      closed.current = true
      dropDraft(tenant, kept)
    },
  }
}

const begun = (schema: SchemaBody): KeptDraft => {
  const form = formOf(schema)
  return { version: schema.version, base: form, form }
}

function begin(kept: KeptDraft | null, schema: SchemaBody | null, empty: () => ObjectForm): { draft: KeptDraft; restored: boolean } {
  if (kept !== null && !sameForm(kept.base, kept.form)) return { draft: kept, restored: true }
  if (schema !== null) return { draft: begun(schema), restored: false }
  const form = empty()
  return { draft: { version: 0, base: form, form }, restored: false }
}
