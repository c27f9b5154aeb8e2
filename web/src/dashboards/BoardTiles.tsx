import { useT } from '../i18n/useT'
import { Link } from 'react-router'
import { useTenant } from '../session/SessionProvider'
import { EmptyState } from '../shared/EmptyState'
import { Icon } from '../shared/Icon'
import type { Board } from './board'
import { useBoardView } from './context'
import { Grid } from './Grid'
import { placeText } from './useTileActions'
import { Tile } from './Tile'

/** The tiles of a dashboard, or what to do while there are none. */
export function BoardTiles({ board, editing, onAdd }: { board: Board; editing: boolean; onAdd: () => void }) {
  const t = useT()
  const { tenant, may } = useTenant()
  const { choices, actions, titleOf } = useBoardView()
  if (board.tiles.length === 0) {
    return (
      <div className="card">
        <EmptyState icon="dashboard" title={t('dashboards.empty.title')} text={t(may('reports:write') ? 'dashboards.empty.text' : 'dashboards.empty.readOnly')}>
          {may('reports:write') ? (
            <>
              <button type="button" className="btn primary" onClick={onAdd}><Icon name="plus" />{t('dashboards.addTile')}</button>
              <Link className="btn" to={`/t/${tenant}/reports`}>{t('dashboards.add.newReport')}</Link>
            </>
          ) : null}
        </EmptyState>
      </div>
    )
  }
  return (
    <>
      {choices.snapshot === null ? (
        <div className="notice warn boardnotice">
          <Icon name="clock" />
          <div><p className="strong">{t('dashboards.noSnapshot.title')}</p><p>{t('dashboards.noSnapshot.text')}</p></div>
        </div>
      ) : null}
      <Grid
        tiles={board.tiles}
        editing={editing}
        onArrange={(key, position) => {
          const tile = board.tiles.find((each) => each.key === key)
          if (tile !== undefined && placeText('', tile.position, t) !== placeText('', position, t)) actions.place(tile, position, titleOf(key))
        }}
      >
        {(tile) => <Tile tile={tile} />}
      </Grid>
    </>
  )
}
