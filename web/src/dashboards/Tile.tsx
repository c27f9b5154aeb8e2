import { useMemo, useState } from 'react'
import type { LookSummary, ResultBody } from '../api/query'
import { useT } from '../i18n/useT'
import type { Report } from '../report/types'
import { reportPath } from '../report/url'
import { figureName, readResult, type ResultColumn } from '../result/columns'
import { DrillPanel } from '../result/DrillPanel'
import { ExportDialog } from '../result/ExportMenu'
import { useTenant } from '../session/SessionProvider'
import { useFormats, type Cell } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { AddTileDialog } from './AddTileDialog'
import type { Tile as TileData } from './board'
import { useLook } from './calls'
import { useBoardView } from './context'
import { TileBody } from './TileBody'
import { TileBoundary } from './TileBoundary'
import { PlaceDialog, TitleDialog } from './TileDialogs'
import { TileMenu } from './TileMenu'
import { TileProblem } from './TileProblem'
import { tileRequest } from './tileRequest'
import { TileSkeleton } from './TileSkeleton'
import { fieldLabel, tileContent, type TileContent } from './tileText'
import { useSeen, useTileResult } from './useTileResult'

const NONE: ReadonlySet<string> = new Set()

/** One report of a dashboard. It is asked when it comes into view, and fails without the others. */
export function Tile({ tile }: { tile: TileData }) {
  const t = useT()
  const view = useBoardView()
  const look = useLook(tile.look)
  const { catalog } = view
  const content = tileContent(tile, look.data, catalog, t)
  const [ref, seen] = useSeen<HTMLElement>()
  const { may } = useTenant()
  const title = content?.title ?? (tile.chart?.title || t('dashboards.tile.deletedLook'))
  const [choosing, setChoosing] = useState(false)
  const remove = () => {
    view.edit()
    view.actions.remove(tile, title)
  }
  // The words of the tile go with the Look that they were about.
  const choose = (chosen: LookSummary) => {
    view.edit()
    view.actions.change(tile, { look: chosen.id, chart: null, filterFields: {} })
    setChoosing(false)
  }
  return (
    <article className="card tile boardtile" aria-label={title} ref={ref}>
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
              remove={may('reports:write') ? remove : null}
              choose={may('reports:write') ? () => setChoosing(true) : null}
              openAt={null}
            />
          ) : (
            <TileSkeleton type="line" label={t('common.loading')} />
          )}
        </>
      ) : (
        <LoadedTile tile={tile} content={content} wanted={seen || view.loadAll} />
      )}
      {choosing ? <AddTileDialog title={t('dashboards.tile.chooseLook')} present={NONE} labelOf={(object) => objectLabel(object, catalog)} onAdd={choose} onClose={() => setChoosing(false)} /> : null}
    </article>
  )
}

type Panel = { kind: 'records'; row: Cell[] | null; column: ResultColumn; figure: string; request: Report } | { kind: 'export' } | null

function LoadedTile({ tile, content, wanted }: { tile: TileData; content: TileContent; wanted: boolean }) {
  const t = useT()
  const { tenant } = useTenant()
  const formats = useFormats()
  const view = useBoardView()
  const { catalog, choices, crossed } = view
  const [panel, setPanel] = useState<Panel>(null)
  const { request, left } = tileRequest(content.request, content.chart.type, tile.filterFields, catalog, {
    ...choices,
    crossed: crossed.filter((each) => each.tile !== tile.key).flatMap((each) => each.conditions),
  })
  const asked = useTileResult(choices.snapshot === null ? null : request, wanted, view.queue)
  const answer = asked.data
  const model = useMemo(() => (answer === undefined ? null : readResult(answer.result, answer.request, catalog)), [answer, catalog])
  const openAt = tile.look === null ? reportPath(tenant, { report: content.request, chart: content.chart, name: content.title }) : `/t/${tenant}/reports/${tile.look}`
  const object = objectLabel(content.request.object, catalog)
  const figure = model?.figures.find((column) => column.drillable && column.variant === 'value' && column.pivot === null)
  const drill = (row: Cell[] | null, column: ResultColumn) => {
    if (answer !== undefined && model !== null) setPanel({ kind: 'records', row, column, figure: figureName(row, column, model, formats), request: answer.request })
  }
  return (
    <>
      <TileHead
        tile={tile}
        title={content.title}
        note={noteOf(content, answer?.result, object, t)}
        openAt={openAt}
        onRecords={figure === undefined ? null : () => drill(null, figure)}
        onExport={answer === undefined ? null : () => setPanel({ kind: 'export' })}
      />
      {left.length === 0 ? null : <p className="tilenote s12 mut"><Icon name="filter" />{t('dashboards.tile.notFiltered', { fields: left.map((field) => fieldLabel(field, catalog)).join(', ') })}</p>}
      {asked.isError && !asked.isFetching ? (
        <TileProblem error={asked.error} ofLook={false} object={object} again={() => void asked.refetch()} showNewest={view.showNewest} remove={null} openAt={openAt} />
      ) : answer === undefined ? (
        <TileSkeleton type={content.chart.type} label={t('dashboards.tile.loading', { title: content.title })} />
      ) : (
        <TileBoundary failed={(error, again) => <TileProblem error={error} ofLook={false} object={object} again={again} showNewest={view.showNewest} remove={null} openAt={openAt} />}>
          <TileBody tile={tile} content={content} answer={answer} outdated={asked.isPlaceholderData} onDrill={drill} />
        </TileBoundary>
      )}
      {panel?.kind === 'records' ? <DrillPanel report={panel.request} row={panel.row} column={panel.column} figure={panel.figure} onClose={() => setPanel(null)} /> : null}
      {panel?.kind === 'export' ? <ExportDialog report={request} title={content.title} snapshot={answer?.result.snapshot ?? null} onClose={() => setPanel(null)} /> : null}
    </>
  )
}

/** What stands beside the title: the description, and how many records have no contact to be grouped by. */
function noteOf(content: TileContent, result: ResultBody | undefined, object: string, t: ReturnType<typeof useT>): string {
  const dropped = result?.join?.dropped ?? 0
  return [content.description, dropped > 0 ? t('dashboards.tile.without', { count: dropped, object }) : ''].filter(Boolean).join(' · ')
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
