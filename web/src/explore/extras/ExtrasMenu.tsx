import { Menu } from '@mantine/core'
import type { CatalogBody } from '../../api/query'
import { useT } from '../../i18n/useT'
import type { Report } from '../../report/types'
import { Icon, type IconName } from '../../shared/Icon'
import { EXTRAS, whyNot, type ExtrasKind } from './kinds'
import '../../styles/extras.css'

export const EXTRAS_ICONS: Record<ExtrasKind, IconName> = {
  calculation: 'sigma', formula: 'code', measure: 'filter', group: 'box', having: 'funnel', compare: 'clock', options: 'settings',
}

/** “More”: the advanced parts that a report can have. What cannot be added now says why. */
export function ExtrasMenu({ report, onOpen }: { report: Report; catalog: CatalogBody; onOpen: (kind: ExtrasKind) => void }) {
  const t = useT()
  return (
    <Menu position="bottom-start" width={300}>
      <Menu.Target>
        <button type="button" className="btn sm"><Icon name="plus" />{t('extras.menu')}<Icon name="chevronDown" /></button>
      </Menu.Target>
      <Menu.Dropdown>
        {EXTRAS.map((kind) => {
          const reason = whyNot(kind, report)
          return (
            <Menu.Item
              key={kind}
              className="xitem"
              aria-disabled={reason !== null || undefined}
              closeMenuOnClick={reason === null}
              leftSection={<Icon name={EXTRAS_ICONS[kind]} />}
              onClick={() => { if (reason === null) onOpen(kind) }}
            >
              {t(`extras.kind.${kind}`)}
              <span className="xwhy">{t(reason ?? `extras.kind.${kind}.help`)}</span>
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
