import type { ResultBody } from '../api/query'
import { useT } from '../i18n/useT'
import type { Report } from '../report/types'
import type { Tile } from './board'
import type { ShiftBy } from './compare'
import type { TileContent } from './tileText'

type Props = {
  tile: Tile
  content: TileContent
  request: Report
  shift: ShiftBy | null
  result: ResultBody
  outdated: boolean
}

/** The answer of a tile, drawn. */
export function TileBody({ result, outdated }: Props) {
  const t = useT()
  if (result.rows.length === 0) return <p>{t('dashboards.tile.empty')}</p>
  return <pre className={outdated ? 'outdated' : ''}>{JSON.stringify(result.rows.slice(0, 4))}</pre>
}
