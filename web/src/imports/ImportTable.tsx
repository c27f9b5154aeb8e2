import { useState } from 'react'
import type { PastImportBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ImportPanel } from './ImportPanel'
import { ImportStateLabel } from './ImportStateLabel'
import { singularOf, useObjects } from './labels'
import { canUndo, keptImports, useTooOld } from './pastImports'
import { UndoDialog } from './UndoDialog'

type Open = { past: PastImportBody; what: 'undo' | 'show' }

/** Past imports, one a row. `heads`: with the names of the columns. */
export function ImportTable({ items, caption, heads = false }: { items: PastImportBody[]; caption: string; heads?: boolean }) {
  const t = useT()
  const { tenant } = useTenant()
  const [open, setOpen] = useState<Open | null>(null)
  const objects = useObjects()
  const kept = keptImports(tenant)
  const nameOf = (past: PastImportBody) => kept[past.import]?.name ?? t('imports.unnamed', { format: past.format.toUpperCase() })
  const shown = open === null ? undefined : (items.find((past) => past.import === open.past.import) ?? open.past)
  return (
    <>
      <div className="card importtable">
        <table className="t">
          <caption className="vh">{caption}</caption>
          <thead className={heads ? undefined : 'vh'}>
            <tr>
              <th scope="col">{t('imports.head.file')}</th>
              <th scope="col">{t('imports.head.object')}</th>
              <th scope="col" className="n">{t('imports.head.started')}</th>
              <th scope="col" className="n">{t('imports.head.accepted')}</th>
              <th scope="col">{t('imports.head.state')}</th>
              <th scope="col"><span className="vh">{t('imports.head.actions')}</span></th>
            </tr>
          </thead>
          <tbody>
            {items.map((past) => (
              <ImportRow key={past.import} past={past} name={nameOf(past)} object={singularOf(objects.data, past.object)} onOpen={(what) => setOpen({ past, what })} />
            ))}
          </tbody>
        </table>
      </div>
      {open?.what === 'undo' && shown !== undefined ? <UndoDialog past={shown} name={nameOf(shown)} onClose={() => setOpen(null)} /> : null}
      {open?.what === 'show' && shown !== undefined ? (
        <ImportPanel past={shown} name={nameOf(shown)} object={singularOf(objects.data, shown.object)} errors={kept[shown.import]?.errors ?? []} onUndo={() => setOpen({ past: shown, what: 'undo' })} onClose={() => setOpen(null)} />
      ) : null}
    </>
  )
}

function ImportRow({ past, name, object, onOpen }: { past: PastImportBody; name: string; object: string; onOpen: (what: Open['what']) => void }) {
  const t = useT()
  const formats = useFormats()
  const { may } = useTenant()
  const catalog = useCatalog()
  const { tooOld } = useTooOld()
  const zone = catalog.data?.snapshot?.zone ?? 'UTC'
  return (
    <tr>
      <th scope="row" className="importname"><span className="trunc">{name}</span></th>
      <td>{object}</td>
      <td className="n">{formats.instant(past.started_at, zone, { year: false, zoneName: false })}</td>
      <td className="n">{t('imports.accepted', { count: past.accepted })}</td>
      <td><ImportStateLabel past={past} /></td>
      <td className="n importacts">
        {canUndo(past) && !tooOld.includes(past.import) && may('records:write') ? <button type="button" className="btn ghost xs" aria-label={t('imports.undoOf', { name })} onClick={() => onOpen('undo')}>{t('imports.undo')}</button> : null}
        <button type="button" className="btn ghost xs" aria-label={t('imports.showOf', { name })} onClick={() => onOpen('show')}>{t('common.show')}<Icon name="chevronRight" /></button>
      </td>
    </tr>
  )
}
