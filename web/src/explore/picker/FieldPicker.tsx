import { useDeferredValue, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { Link } from 'react-router'
import type { CatalogBody } from '../../api/query'
import { useT } from '../../i18n/useT'
import { CONTACT } from '../../report/edit'
import { indexOf } from '../../report/fields'
import type { Report } from '../../report/types'
import { useTenant } from '../../session/SessionProvider'
import { useFormats } from '../../shared/formats'
import { Icon, objectIcon } from '../../shared/Icon'
import { SearchInput } from '../../shared/inputs'
import { ObjectSection } from './ObjectSection'
import { searched, sections } from './sections'
import type { PickerActions } from './actions'

/** Each blocked object has the same reason: of many, the first ones say it. */
const BLOCKED_SHOWN = 8

/** The objects on the left; the arrow beside one reveals its dimensions and measures (R8). Blocked and pending ones
 * stay in place, with the reason. */
export function FieldPicker({ catalog, report, actions }: { catalog: CatalogBody; report: Report | null; actions: PickerActions }) {
  const t = useT()
  const formats = useFormats()
  const { tenant, may } = useTenant()
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search)
  const [opened, setOpened] = useState<Record<string, boolean>>({})
  const [allBlocked, setAllBlocked] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  // The field that was clicked answers at once; which objects can still be used follows.
  const placed = useDeferredValue(report)
  const matching = useMemo(() => searched(catalog, wanted), [catalog, wanted])
  const found = useMemo(() => sections(catalog, matching, placed, wanted), [catalog, matching, placed, wanted])
  const searching = wanted.trim() !== ''
  const base = report === null ? null : (indexOf(catalog).explores.get(report.object) ?? null)
  const isOpen = (object: string) => searching || (opened[object] ?? (object === report?.object || (object === CONTACT && report !== null && report.object !== CONTACT)))
  const zone = catalog.snapshot?.zone ?? 'UTC'
  const when = (from: string) => t('explore.pending', { instant: formats.instant(from, zone, { year: false, zoneName: false }) })
  return (
    <nav className="picker" aria-label={t('explore.fields')}>
      <div className="find">
        <SearchInput label={t('explore.search')} value={search} onChange={setSearch} />
        <p className="vh" role="status">{searching ? t('explore.search.count', { count: found.matches }) : ''}</p>
      </div>
      <div className="pickerbody" ref={list} onKeyDown={(event) => arrows(event, list.current)}>
        {found.open.map((section) => {
          const { object } = section.explore
          const open = isOpen(object)
          return <ObjectSection key={object} {...{ section, catalog, actions, when, open }} report={open ? report : placed} onToggle={(next) => setOpened((others) => ({ ...others, [object]: next }))} />
        })}
        {found.waiting.map((item) => (
          <div key={item.object} className="objsep">
            <div className="obj" aria-disabled="true" tabIndex={0} role="button" aria-describedby={`wait-${item.object}`}>
              <Icon name="chevronRight" className="ch" /><Icon name="box" /><span className="grow trunc">{item.label}</span><Icon name="hourglass" />
            </div>
            <p className="by" id={`wait-${item.object}`}>{when(item.from)}</p>
          </div>
        ))}
        {found.blocked.length > 0 && base !== null ? (
          <div className="objsep">
            <p className="grp blockedtitle">{t('explore.blocked', { object: base.singular ?? base.label })}</p>
            {found.blocked.slice(0, allBlocked ? undefined : BLOCKED_SHOWN).map(({ explore }) => (
              <div key={explore.object}>
                <div className="obj" aria-disabled="true" tabIndex={0} role="button" aria-describedby={`block-${explore.object}`}>
                  <Icon name="chevronRight" className="ch" /><Icon name={objectIcon(explore.object, explore.integration)} /><span className="grow trunc">{explore.label}</span><Icon name="lock" />
                </div>
                <p className="blocked" id={`block-${explore.object}`}>{t('explore.blocked.text', { object: base.singular ?? base.label })}</p>
              </div>
            ))}
            {found.blocked.length > BLOCKED_SHOWN && !allBlocked ? (
              <button type="button" className="btn ghost xs moreblocked" onClick={() => setAllBlocked(true)}>{t('explore.blocked.more', { count: found.blocked.length - BLOCKED_SHOWN })}</button>
            ) : null}
          </div>
        ) : null}
        {found.notReportable.map((item) => (
          <div key={item.object} className="objsep">
            <div className="obj" aria-disabled="true" tabIndex={0} role="button" aria-describedby={`not-${item.object}`}>
              <Icon name="chevronRight" className="ch" /><Icon name="box" /><span className="grow trunc">{item.label}</span><Icon name="minus" />
            </div>
            <p className="blocked" id={`not-${item.object}`}>
              {item.reason}{' '}
              {may('schemas:write') ? <Link to={`/t/${encodeURIComponent(tenant)}/data/objects/${item.object}`}>{t('explore.addRelationship')}</Link> : null}
            </p>
          </div>
        ))}
        {searching && found.matches === 0 && found.waiting.length === 0 ? (
          <div className="nomatch">
            <p className="sub s13">{t('explore.search.none', { text: wanted })}</p>
            <button type="button" className="btn sm" onClick={() => setSearch('')}>{t('filters.values.clear')}</button>
          </div>
        ) : null}
      </div>
      <div className="pfoot">
        <Icon name="table" />
        <span>{t('explore.definedIn')} <Link className="u" to={`/t/${encodeURIComponent(tenant)}/data`}>{t('shell.data')}</Link></span>
      </div>
    </nav>
  )
}

/** Up and down move between rows, left and right close and open an object: an addition to Tab, not the only way. */
function arrows(event: KeyboardEvent, list: HTMLElement | null): void {
  const target = event.target as HTMLElement
  const row = target.closest<HTMLElement>('.obj, .fld')
  if (list === null || row === null || event.altKey || event.ctrlKey || event.metaKey) return
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const rows = [...list.querySelectorAll<HTMLElement>('.obj, .fld')].map((found) => found.querySelector<HTMLElement>('.fmain') ?? found)
    const at = rows.findIndex((found) => found === target || row.contains(found))
    rows[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
    event.preventDefault()
  }
  const expanded = row.getAttribute('aria-expanded')
  if ((event.key === 'ArrowRight' && expanded === 'false') || (event.key === 'ArrowLeft' && expanded === 'true')) {
    row.click()
    event.preventDefault()
  }
}
