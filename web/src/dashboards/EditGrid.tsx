import { useMemo, type ReactNode } from 'react'
import { GridLayout, useContainerWidth, type EventCallback } from 'react-grid-layout'
import type { Tile } from './board'
import { placeStyle } from './Grid'
import { COLUMNS, GAP, MAX_HEIGHT, MIN_HEIGHT, MIN_WIDTH, ROW_HEIGHT, type Position } from './layout'

const GRID = { cols: COLUMNS, rowHeight: ROW_HEIGHT, margin: [GAP, GAP] as const, containerPadding: [0, 0] as const }
const DRAG = { handle: '.tilehead', cancel: 'button:not(.tilegrip), a, input', threshold: 4 }
const RESIZE = { handles: ['se'] as const }

/** The tiles while they are dragged and resized; `onArrange` says where one was let go. */
export default function EditGrid({ tiles, onArrange, children }: {
  tiles: readonly Tile[]
  onArrange: (key: string, position: Position) => void
  children: (tile: Tile) => ReactNode
}) {
  const { width, containerRef, mounted } = useContainerWidth()
  const layout = useMemo(
    () => tiles.map(({ key, position }) => ({ i: key, ...position, minW: MIN_WIDTH, minH: MIN_HEIGHT, maxH: MAX_HEIGHT })),
    [tiles],
  )
  const stop: EventCallback = (_, __, item) => {
    if (item !== null) onArrange(item.i, { x: item.x, y: item.y, w: item.w, h: item.h })
  }
  return (
    <div ref={containerRef} className="editgrid">
      {mounted ? (
        <GridLayout width={width} layout={layout} gridConfig={GRID} dragConfig={DRAG} resizeConfig={RESIZE} onDragStop={stop} onResizeStop={stop}>
          {tiles.map((tile) => <div key={tile.key} className="boardcell" style={placeStyle(tile.position)}>{children(tile)}</div>)}
        </GridLayout>
      ) : null}
    </div>
  )
}
