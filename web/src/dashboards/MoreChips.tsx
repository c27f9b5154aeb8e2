import { Menu } from '@mantine/core'
import { useT } from '../i18n/useT'
import { describeCondition } from '../filters/describe'
import { indexOf } from '../report/fields'
import type { Condition } from '../report/types'
import type { Catalog } from '../shared/catalog'
import { useFormats, type Formats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import type { Comparing } from './board'
import { periodBefore } from './compare'
import type { CrossFilter } from './crossFilter'
import { isFieldFilter, type BoardFilter } from './filterList'
import { IN_MAIN } from './menus'

/** Conditions in words, on one line. */
export const conditionsText = (conditions: readonly Condition[], catalog: Catalog, t: ReturnType<typeof useT>, formats: Formats): string =>
  conditions.map((condition) => conditionText(condition, catalog, t, formats)).join(', ')

function conditionText(condition: Condition, catalog: Catalog, t: ReturnType<typeof useT>, formats: Formats): string {
  const field = indexOf(catalog).fields.get(condition.field)
  if (field === undefined) return condition.field
  const words = describeCondition(condition, shownAs(field, condition), t, formats)
  return [words.field, words.operator, words.value].filter(Boolean).join(' ')
}

/** The day that stands for a week or month is shown without a time. */
const shownAs = <F extends { type: string }>(field: F, condition: Condition): F => (condition.granularity === undefined ? field : { ...field, type: 'date' })

/** What was picked in charts: one chip for each, which a click removes. */
export function CrossChips({ crossed, catalog, titleOf, onRemove }: {
  crossed: readonly CrossFilter[]
  catalog: Catalog
  titleOf: (tile: string) => string
  onRemove: (picked: CrossFilter) => void
}) {
  const t = useT()
  const formats = useFormats()
  return crossed.map((picked) => {
    const text = conditionsText(picked.conditions, catalog, t, formats)
    const title = titleOf(picked.tile)
    return (
      <span key={picked.tile} className="fchip crosschip" title={t('dashboards.crossed.from', { title })}>
        <Icon name="bar" />
        <span className="f trunc">{text}</span>
        <button type="button" className="x" aria-label={t('dashboards.crossed.remove', { text, title })} onClick={() => onRemove(picked)}><Icon name="close" /></button>
      </span>
    )
  })
}

/** What the tiles are compared with. */
export function CompareChip({ comparing, filters, onChange }: { comparing: Comparing; filters: readonly BoardFilter[]; onChange: (comparing: Comparing) => void }) {
  const t = useT()
  const dated = filters.flatMap((filter) => (isFieldFilter(filter) && filter.condition !== null ? [filter.condition] : [])).find((condition) => periodBefore(condition) !== null)
  const shift = dated === undefined ? null : periodBefore(dated)
  const words: Record<Comparing, string> = {
    none: t('dashboards.compare.none'),
    period: shift === null ? t('dashboards.compare.period') : t('dashboards.compare.shift', { count: shift[0], unit: shift[1] }),
    year: t('dashboards.compare.year'),
  }
  const able = shift !== null
  return (
    <Menu position="bottom-start" width={300} portalProps={IN_MAIN}>
      <Menu.Target>
        <button type="button" className="fchip plain">
          <span className="f">{t('dashboards.compare')}</span>
          <span className={comparing === 'none' ? 'o' : 'v'}>{words[comparing]}</span>
          <span className="cv"><Icon name="chevronDown" /></span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['none', 'period', 'year'] as const).map((choice) => (
          <Menu.RadioItem
            key={choice}
            value={choice}
            checked={comparing === choice}
            aria-disabled={choice !== 'none' && !able}
            closeMenuOnClick
            onChange={() => (choice === 'none' || able ? onChange(choice) : undefined)}
          >
            {words[choice]}
          </Menu.RadioItem>
        ))}
        <Menu.Label>{t(able ? 'dashboards.compare.hint' : 'dashboards.compare.unable')}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  )
}
