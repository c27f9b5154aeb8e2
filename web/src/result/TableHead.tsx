import { useT } from '../i18n/useT'
import type { SortKey } from '../report/types'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { useColours } from './colours'
import { groupLabel, groupToken, isFigure, type ResultColumn, type ResultModel } from './columns'
import { nextSort } from './sorting'

type HeadProps = { model: ResultModel; sort: SortKey[]; onSort: ((sort: SortKey[]) => void) | undefined }

/** The heads of a table: under a pivot, its values stand above the measures. */
export function TableHead({ model, sort, onSort }: HeadProps) {
  const formats = useFormats()
  const colours = useColours()
  if (model.groups === null) {
    return <thead><tr>{model.columns.map((column) => <ColumnHead key={column.name} {...{ column, model, sort, onSort }} />)}</tr></thead>
  }
  return (
    <thead>
      <tr>
        {model.dimensions.map((column) => <ColumnHead key={column.name} {...{ column, model, sort, onSort }} rows={2} />)}
        {model.groups.map((group) => (
          <th key={group.key} scope="colgroup" colSpan={group.columns.length} className="lft">
            {group.values.length === 0 ? null : (
              <><span className="dot" style={{ background: `var(--${groupToken(group, model, colours)})` }} />{groupLabel(group, model, formats)}</>
            )}
          </th>
        ))}
      </tr>
      <tr>
        {model.groups.map((group) =>
          group.columns.map((column, at) => <ColumnHead key={column.name} {...{ column, model, sort, onSort }} first={at === 0} />),
        )}
      </tr>
    </thead>
  )
}

type ColumnProps = HeadProps & { column: ResultColumn; rows?: number; first?: boolean }

function ColumnHead({ column, sort, onSort, rows, first = false }: ColumnProps) {
  const t = useT()
  const place = sort.findIndex((key) => key.field === column.name)
  const direction = sort[place]?.direction
  const label = column.head
  return (
    <th
      scope="col"
      rowSpan={rows}
      className={`${isFigure(column) ? 'n' : ''} ${first ? 'lft' : ''} ${rows === 2 ? 'both' : ''}`}
      {...(direction === undefined ? {} : { 'aria-sort': direction === 'asc' ? ('ascending' as const) : ('descending' as const) })}
    >
      {onSort === undefined ? label : (
        <button type="button" title={t('result.table.sortHint')} onClick={(event) => onSort(nextSort(sort, column.name, event.shiftKey))}>
          {label}
          {direction === undefined ? null : <Icon name={direction === 'asc' ? 'arrowUp' : 'arrowDown'} />}
          {sort.length > 1 && place >= 0 ? <span className="rt-place">{place + 1}</span> : null}
        </button>
      )}
    </th>
  )
}
