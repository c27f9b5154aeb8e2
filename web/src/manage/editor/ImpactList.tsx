import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/call'
import { readImpact, type ImpactBody } from '../../api/query'
import { useT } from '../../i18n/useT'
import { useTenant } from '../../session/SessionProvider'
import { Icon } from '../../shared/Icon'

const ASKED = 50

/** The Looks and dashboards that would lose an object, or one of its parts: asked before it is removed. */
export function ImpactOf({ object, part, labelOf }: { object: string; part?: string; labelOf: (name: string) => string }) {
  const t = useT()
  const { tenant } = useTenant()
  const impact = useQuery({
    queryKey: ['impact', tenant, object, part ?? null],
    queryFn: ({ signal }) => call(readImpact({ path: { tenant }, query: { object, field: part ?? null, page_size: ASKED }, signal })),
    staleTime: 0,
  })
  if (impact.isPending) return <p className="s13 mut" role="status">{t('manage.impact.loading')}</p>
  if (impact.isError) return <p className="s13 row"><Icon name="warning" />{t('manage.impact.unknown')}</p>
  if (impact.data.items.length === 0) return <p className="s13 sub row"><Icon name="checkCircle" />{t('manage.impact.none')}</p>
  return (
    <div>
      <ImpactList impact={impact.data.items} labelOf={labelOf} />
      {impact.data.next_page_token === null ? null : <p className="s12 mut">{t('manage.impact.more', { count: impact.data.items.length })}</p>}
    </div>
  )
}

/** Saved reports, and what each loses. They open in another tab: what is typed here stays. */
export function ImpactList({ impact, labelOf }: { impact: readonly ImpactBody[]; labelOf: (name: string) => string }) {
  const t = useT()
  const { tenant } = useTenant()
  return (
    <div className="impact">
      <p className="s13 strong row"><Icon name="warning" />{t('manage.impact.some', { count: impact.length })}</p>
      <ul>
        {impact.map(({ kind, id, name, loses }) => (
          <li key={`${kind} ${id}`} className="s13">
            <Icon name={kind === 'look' ? 'bar' : 'dashboard'} />
            <span className="grow">
              <a className="u" href={`/t/${encodeURIComponent(tenant)}/${kind === 'look' ? 'reports' : 'dashboards'}/${encodeURIComponent(id)}`} target="_blank" rel="noreferrer">{name}</a>{' '}
              <span className="mut">{t(kind === 'look' ? 'manage.impact.look' : 'manage.impact.dashboard')} · {t('manage.impact.loses', { names: loses.map(labelOf).join(', ') })}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
