import { Menu } from '@mantine/core'
import type { MessageId } from '../../i18n'
import { useT } from '../../i18n/useT'
import { placeOf } from '../../report/edit'
import { dimensionColumn, dimensionField } from '../../report/names'
import type { FieldInfo } from '../../report/fields'
import type { Granularity, Report } from '../../report/types'
import { Icon } from '../../shared/Icon'
import type { PickerActions } from './actions'

const CLOCK: Granularity[] = ['hour', 'hour_of_day', 'day_of_week', 'month_of_year']
const GROUPABLE = ['text', 'dropdown', 'number', 'currency']

/** The further actions of a field: one menu for all rows, opened at the button that asked for it. */
export function RowMenu({ field, anchor, report, actions, onClose }: { field: FieldInfo; anchor: HTMLElement; report: Report | null; actions: PickerActions; onClose: () => void }) {
  const t = useT()
  const place = placeOf(report, field.name)
  const used = [...(report?.dimensions ?? []), ...(report?.pivot ?? [])].find((dimension) => dimensionField(dimension) === field.name)
  const granularity = used !== undefined && typeof used !== 'string' && 'granularity' in used ? used.granularity : null
  const column = used === undefined ? field.name : dimensionColumn(used)
  const box = anchor.getBoundingClientRect()
  const clock = CLOCK.filter((found) => field.granularities.includes(found))
  const close = () => {
    onClose()
    anchor.focus()
  }
  return (
    <Menu opened onChange={(open) => (open ? undefined : close())} position="bottom-end" returnFocus={false} withinPortal>
      <Menu.Target>
        <span className="menuanchor" style={{ left: box.left, top: box.top, width: box.width, height: box.height }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={t('explore.fieldMenu', { field: field.label })}>
        {report?.list === undefined ? <Menu.Item onClick={() => actions.pivot(field)}>{t(place === 'pivot' ? 'explore.toRows' : 'explore.toPivot')}</Menu.Item> : null}
        <Menu.Item onClick={() => actions.filter(field)}>{t('explore.filter')}</Menu.Item>
        {place === null ? null : <Menu.Item onClick={() => actions.sort(column, 'asc')}>{t('explore.sortAsc')}</Menu.Item>}
        {place === null ? null : <Menu.Item onClick={() => actions.sort(column, 'desc')}>{t('explore.sortDesc')}</Menu.Item>}
        {GROUPABLE.includes(field.type) && report?.list === undefined ? (
          <Menu.Item onClick={() => actions.group(field)}>{t(field.type === 'number' || field.type === 'currency' ? 'explore.bins' : 'explore.groups')}</Menu.Item>
        ) : null}
        {clock.length > 0 && report?.list === undefined ? (
          <>
            <Menu.Label>{t('explore.clock')}</Menu.Label>
            {clock.map((found) => (
              <Menu.Item key={found} rightSection={granularity === found ? <Icon name="check" /> : null} onClick={() => actions.setGranularity(field, found)}>{t(`explore.grain.${found}` as MessageId)}</Menu.Item>
            ))}
          </>
        ) : null}
        {field.description === null ? null : <Menu.Label className="about">{field.description}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  )
}
