import { useMediaQuery } from '@mantine/hooks'
import { lazy, Suspense, type CSSProperties, type ReactNode } from 'react'
import type { Tile } from './board'
import type { Position } from './layout'

const EditGrid = lazy(() => import('./EditGrid'))

/** A tile's place for the style sheet: the same cells on the screen, on paper and while editing. */
export const placeStyle = ({ x, y, w, h }: Position) => ({ '--x': x + 1, '--y': y + 1, '--w': w, '--h': h }) as CSSProperties

/** The tiles in reading order, which is also their order in the document; below 768 px in one column. */
export function Grid({ tiles, editing, onArrange, children }: {
  tiles: readonly Tile[]
  editing: boolean
  onArrange: (key: string, position: Position) => void
  children: (tile: Tile) => ReactNode
}) {
  const wide = useMediaQuery('(min-width: 768px)', true, { getInitialValueInEffect: false })
  const plain = (
    <div className={`boardgrid ${editing ? 'editing' : ''}`}>
      {tiles.map((tile) => <div key={tile.key} className="boardcell" style={placeStyle(tile.position)}>{children(tile)}</div>)}
    </div>
  )
  if (!editing || !wide) return plain
  return (
    <Suspense fallback={plain}>
      <EditGrid tiles={tiles} onArrange={onArrange}>{children}</EditGrid>
    </Suspense>
  )
}
