import { useState } from 'react'
import { useT } from '../i18n/useT'
import { reportPath } from '../report/url'
import { useTenant } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'
import type { Tile as TileData } from './board'
import { useLook } from './calls'
import { useBoardView } from './context'
import { TileBody } from './TileBody'
import { PlaceDialog, TitleDialog } from './TileDialogs'
import { TileMenu } from './TileMenu'
import { TileProblem } from './TileProblem'
import { tileRequest } from './tileRequest'
import { TileSkeleton } from './TileSkeleton'
import { fieldLabel, tileContent, type TileContent } from './tileText'
import { useSeen, useTileResult } from './useTileResult'

/** One report of a dashboard. It is asked when it comes into view, and fails without the others. */
export function Tile({ tile }: { tile: TileData }) {
  const t = useT()
  const view = useBoardView()
  const look = useLook(tile.look)
  const { catalog } = view
  const content = tileContent(tile, look.data, catalog, t)
  const [ref, seen] = useSeen<HTMLElement>()
  const title = content?.title ?? (tile.chart?.title || t('dashboards.untitledTile'))
  return (
    <section className="card tile boardtile" aria-label={title} ref={ref}>
      {content === null ? (
        <>
          <TileHead tile={tile} title={look.isError || tile.chart?.title ? title : null} />
          {look.isError ? (
            <TileProblem
              error={look.error}
              ofLook
              object={t('dashboards.add.looks')}
              again={() => void look.refetch()}
              showNewest={view.showNewest}
              remove={view.editing ? () => view.actions.remove(tile, title) : null}
              openAt={null}
            />
          ) : (
            <TileSkeleton type="line" label={t('common.loading')} />
          )}
        </>
      ) : (
        <LoadedTile tile={tile} content={content} wanted={seen || view.loadAll} />
      )}
    </section>
  )
}

function LoadedTile({ tile, content, wanted }: { tile: TileData; content: TileContent; wanted: boolean }) {
  const t = useT()
  const { tenant } = useTenant()
  const view = useBoardView()
  const { catalog, choices, crossed } = view
  const { request, left, shift } = tileRequest(content.request, content.chart.type, tile.filterFields, catalog, {
    ...choices,
    crossed: crossed.filter((each) => each.tile !== tile.key).flatMap((each) => each.conditions),
  })
  const result = useTileResult(choices.snapshot === null ? null : request, wanted, view.queue)
  const openAt = tile.look === null ? reportPath(tenant, { report: content.request, chart: content.chart, name: content.title }) : `/t/${tenant}/reports/${tile.look}`
  const join = result.data?.join
  const note = [
    content.description,
    join != null && join.dropped > 0 ? t('dashboards.tile.without', { count: join.dropped, object: objectLabel(content.request.object, catalog) }) : '',
  ].filter(Boolean).join(' · ')
  return (
    <>
      <TileHead tile={tile} title={content.title} note={note} openAt={openAt} onRecords={null} onExport={null} />
      {left.length === 0 ? null : <p className="tilenote s12 mut"><Icon name="filter" />{t('dashboards.tile.notFiltered', { fields: left.map((field) => fieldLabel(field, catalog)).join(', ') })}</p>}
      {result.isError && !result.isFetching ? (
        <TileProblem
          error={result.error}
          ofLook={false}
          object={objectLabel(content.request.object, catalog)}
          again={() => void result.refetch()}
          showNewest={view.showNewest}
          remove={null}
          openAt={openAt}
        />
      ) : result.data === undefined ? (
        <TileSkeleton type={content.chart.type} label={t('dashboards.tile.loading', { title: content.title })} />
      ) : (
        <TileBody tile={tile} content={content} request={request} shift={shift} result={result.data} outdated={result.isPlaceholderData} />
      )}
    </>
  )
}

const objectLabel = (object: string, catalog: { explores: { object: string; label: string }[] }) =>
  catalog.explores.find((explore) => explore.object === object)?.label ?? object

type HeadProps = { tile: TileData; title: string | null; note?: string; openAt?: string | null; onRecords?: (() => void) | null; onExport?: (() => void) | null }

function TileHead({ tile, title, note = '', openAt = null, onRecords = null, onExport = null }: HeadProps) {
  const t = useT()
  const { editing, actions } = useBoardView()
  const [asked, setAsked] = useState<'title' | 'place' | null>(null)
  const shown = title ?? t('dashboards.untitledTile')
  return (
    <header className="tilehead">
      {editing ? <span className="tilegrip" title={t('dashboards.tile.drag')}><Icon name="grip" /></span> : null}
      {title === null ? <span className="sk tiletitle" /> : <h2 className="trunc" title={title}>{title}</h2>}
      <span className="grow s12 mut trunc tilesub" title={note}>{note}</span>
      <TileMenu tile={tile} title={shown} openAt={openAt} onRecords={onRecords} onExport={onExport} onTitle={() => setAsked('title')} onPlace={() => setAsked('place')} />
      {asked === 'title' ? (
        <TitleDialog
          title={tile.chart?.title ?? ''}
          description={tile.chart?.description ?? ''}
          placeholder={shown}
          onSave={(name, description) => actions.change(tile, { chart: titled(tile.chart, name, description) })}
          onClose={() => setAsked(null)}
        />
      ) : null}
      {asked === 'place' ? <PlaceDialog title={shown} position={tile.position} onPlace={(position) => actions.place(tile, position, shown)} onClose={() => setAsked(null)} /> : null}
    </header>
  )
}

/** The chart with the tile's own words; without them it has those of its report. */
function titled(chart: TileData['chart'], title: string, description: string): TileData['chart'] {
  const { title: _, description: __, ...rest } = chart ?? {}
  const next = { ...rest, ...(title === '' ? {} : { title }), ...(description === '' ? {} : { description }) }
  return Object.keys(next).length === 0 ? null : next
}
