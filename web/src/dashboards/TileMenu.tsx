import { Menu } from '@mantine/core'
import { Link } from 'react-router'
import { useT } from '../i18n/useT'
import { Icon, type IconName } from '../shared/Icon'
import type { Tile } from './board'
import { useBoardView } from './context'
import type { Move } from './layout'
import { IN_MAIN } from './menus'

const MOVES: [Move, IconName][] = [
  ['left', 'chevronLeft'], ['right', 'chevronRight'], ['up', 'chevronUp'], ['down', 'chevronDown'],
  ['wider', 'plus'], ['narrower', 'minus'], ['taller', 'plus'], ['shorter', 'minus'],
]

type Props = {
  tile: Tile
  title: string
  openAt: string | null
  onRecords: (() => void) | null
  onExport: (() => void) | null
  onTitle: () => void
  onPlace: () => void
}

/** What can be done with a tile. Each step that moves it keeps the menu open, so that it can be repeated. */
export function TileMenu({ tile, title, openAt, onRecords, onExport, onTitle, onPlace }: Props) {
  const t = useT()
  const { editing, actions } = useBoardView()
  return (
    <Menu position="bottom-end" width={240} portalProps={IN_MAIN}>
      <Menu.Target>
        <button type="button" className="btn ghost xs sq tilemenu" data-tile={tile.key} aria-label={t('dashboards.tile.menu', { title })}><Icon name="more" /></button>
      </Menu.Target>
      <Menu.Dropdown className="tilemenulist">
        {openAt === null ? null : <Menu.Item component={Link} to={openAt} leftSection={<Icon name="external" />}>{t('dashboards.tile.open')}</Menu.Item>}
        {onRecords === null ? null : <Menu.Item leftSection={<Icon name="list" />} onClick={onRecords}>{t('dashboards.tile.records')}</Menu.Item>}
        {onExport === null ? null : <Menu.Item leftSection={<Icon name="download" />} onClick={onExport}>{t('dashboards.tile.export')}</Menu.Item>}
        {editing ? (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<Icon name="edit" />} onClick={onTitle}>{t('dashboards.tile.title')}</Menu.Item>
            <Menu.Item leftSection={<Icon name="copy" />} onClick={() => actions.duplicate(tile, title)}>{t('dashboards.tile.duplicate')}</Menu.Item>
            <Menu.Label>{t('dashboards.tile.arrange')}</Menu.Label>
            {MOVES.map(([move, icon]) => (
              <Menu.Item key={move} leftSection={<Icon name={icon} />} closeMenuOnClick={false} onClick={() => actions.move(tile, move, title)}>{t(`dashboards.tile.${move}`)}</Menu.Item>
            ))}
            <Menu.Item leftSection={<Icon name="grip" />} onClick={onPlace}>{t('dashboards.tile.goTo')}</Menu.Item>
            <Menu.Divider />
            <Menu.Item className="dangeritem" leftSection={<Icon name="trash" />} onClick={() => actions.remove(tile, title)}>{t('dashboards.tile.remove')}</Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  )
}
