import { Modal } from '@mantine/core'
import { useDeferredValue, useId, useMemo, useState, type KeyboardEvent } from 'react'
import { useNavigate } from 'react-router'
import { useThemeChoice } from '../app/ThemeProvider'
import { useDashboards, useLooks } from '../dashboards/calls'
import { useLanguage } from '../i18n/LanguageProvider'
import { useT } from '../i18n/useT'
import { sessionFor } from '../session/session'
import { TenantProvider, useSessions, useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { Icon, TypeGlyph } from '../shared/Icon'
import { entriesOf, recordEntries, type Entry, type Sources } from './entries'
import { keepRecent, readRecent } from './recent'
import { sectionsOf, type Section } from './results'
import '../styles/palette.css'

/** Finds and opens anything: objects, fields, Looks, dashboards, records and actions. */
export default function Palette({ tenant, onClose }: { tenant: string; onClose: () => void }) {
  const t = useT()
  const session = sessionFor(useSessions().items, tenant)
  if (session === null) return null
  return (
    <Modal opened onClose={onClose} withCloseButton={false} title={t('shell.palette.title')} size="600px" centered={false} yOffset="10vh" classNames={{ header: 'vh', body: 'palbody' }}>
      <TenantProvider tenant={tenant} session={session}><Finder onClose={onClose} /></TenantProvider>
    </Modal>
  )
}

function useEntries(search: string): { entries: Entry[]; records: Entry[]; waiting: boolean } {
  const t = useT()
  const { language } = useLanguage()
  const { tenant, may, operator } = useTenant()
  const catalog = useCatalog()
  const looks = useLooks()
  const dashboards = useDashboards()
  const sources: Sources = useMemo(
    () => ({ tenant, catalog: catalog.data, looks: looks.data ?? [], dashboards: dashboards.data ?? [], may, operator, language, t }),
    [tenant, catalog.data, looks.data, dashboards.data, may, operator, language, t],
  )
  return {
    entries: useMemo(() => entriesOf(sources), [sources]),
    records: useMemo(() => recordEntries(sources, search), [sources, search]),
    waiting: catalog.isPending || looks.isPending || dashboards.isPending,
  }
}

function Finder({ onClose }: { onClose: () => void }) {
  const t = useT()
  const list = useId()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const { choose: chooseTheme } = useThemeChoice()
  const { choose: chooseLanguage } = useLanguage()
  const [search, setSearch] = useState('')
  const [active, setActive] = useState(0)
  const [recent] = useState(() => readRecent(tenant))
  const deferred = useDeferredValue(search)
  const { entries, records, waiting } = useEntries(deferred)
  const sections = useMemo(() => sectionsOf(entries, deferred, recent, records), [entries, deferred, recent, records])
  const all = sections.flatMap((section) => section.entries)
  const at = Math.min(active, Math.max(all.length - 1, 0))
  const choose = (entry: Entry) => {
    if (entry.group !== 'records') keepRecent(tenant, entry.id)
    onClose()
    if ('to' in entry.action) void navigate(entry.action.to)
    else if ('theme' in entry.action) chooseTheme(entry.action.theme)
    else chooseLanguage(entry.action.language)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }
    const chosen = all[at]
    if (event.key === 'Enter' && chosen !== undefined) choose(chosen)
    else if (moves[event.key] !== undefined && all.length > 0) setActive(((moves[event.key] ?? 0) + all.length) % all.length)
    else return
    event.preventDefault()
  }
  return (
    <div className="pal">
      <div className="palfind">
        <Icon name="search" />
        <input
          data-autofocus
          type="text"
          role="combobox"
          aria-label={t('shell.palette.title')}
          aria-expanded={all.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={all.length === 0 ? undefined : `${list}-${at}`}
          placeholder={t('shell.palette.placeholder')}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <p className="vh" role="status">{search.trim() === '' ? '' : t('shell.palette.count', { count: all.length })}</p>
      <div className="pallist" id={list} role="listbox" aria-label={t('shell.palette.results')} aria-busy={waiting}>
        {sections.map((section) => <Results key={section.group} {...{ section, list, all, at }} onActive={setActive} onChoose={choose} />)}
      </div>
      {all.length === 0 && waiting ? <div className="palskeletons"><div className="sk" /><div className="sk" /><div className="sk" /></div> : null}
      {all.length === 0 && !waiting ? <div className="palnone"><p>{t('shell.palette.none', { text: search.trim() })}</p><p className="mut s12">{t('shell.palette.none.hint')}</p></div> : null}
      <p className="palfoot" aria-hidden="true"><span><kbd>↑</kbd><kbd>↓</kbd> {t('shell.palette.move')}</span><span><kbd>↵</kbd> {t('shell.palette.open')}</span></p>
    </div>
  )
}

function Results({ section, list, all, at, onActive, onChoose }: {
  section: Section
  list: string
  all: readonly Entry[]
  at: number
  onActive: (index: number) => void
  onChoose: (entry: Entry) => void
}) {
  const t = useT()
  const heading = `${list}-${section.group}`
  return (
    <div role="group" aria-labelledby={heading}>
      <p className="palgrp" id={heading}>{t(`shell.palette.${section.group}`)}</p>
      {section.entries.map((entry) => {
        const index = all.indexOf(entry)
        return (
          <div
            key={entry.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            className={`palitem ${entry.measure === true ? 'm' : entry.type === undefined ? '' : 'd'}`}
            ref={(node) => { if (index === at) node?.scrollIntoView?.({ block: 'nearest' }) }}
            onMouseMove={() => { if (index !== at) onActive(index) }}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(entry)}
          >
            {entry.type === undefined ? <Icon name={entry.icon} className="g" /> : <TypeGlyph type={entry.type} />}
            <span className="grow trunc">{entry.label}</span>
            {entry.detail === '' ? null : <span className="mut s12 trunc paldetail">{entry.detail}</span>}
          </div>
        )
      })}
    </div>
  )
}
