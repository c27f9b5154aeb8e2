import { Link } from 'react-router'
import type { CatalogBody } from '../api/query'
import { suggestReports, type Suggestion } from '../first/suggestions'
import { useT } from '../i18n/useT'
import { CONTACT } from '../report/edit'
import { useTenant } from '../session/SessionProvider'
import { Icon, objectIcon } from '../shared/Icon'

const OBJECTS = 4

/** An empty builder: three suggested reports for each object, one click from a chart. */
export function QuickStart({ catalog, onChoose }: { catalog: CatalogBody; onChoose: (suggestion: Suggestion, name: string) => void }) {
  const t = useT()
  const { tenant } = useTenant()
  const explores = [...catalog.explores].sort((a, b) => Number(a.object === CONTACT) - Number(b.object === CONTACT)).slice(0, OBJECTS)
  return (
    <section className="card quick" aria-labelledby="quick-title">
      <div className="row wrap">
        <div className="grow">
          <h2 id="quick-title">{t('explore.quick.title')}</h2>
          <p className="sub s13">{t('explore.quick.text')}</p>
        </div>
        <Link className="btn" to={`/t/${encodeURIComponent(tenant)}/looks`}><Icon name="list" />{t('explore.quick.open')}</Link>
      </div>
      {explores.map((explore) => {
        const suggestions = suggestReports(explore, catalog)
        return suggestions.length === 0 ? null : (
          <div key={explore.object} className="quickobject">
            <h3 className="row"><Icon name={objectIcon(explore.object, explore.integration)} />{explore.label}</h3>
            <ul className="quicklist">
              {suggestions.map((suggestion) => {
                const name = t(suggestion.title.id, suggestion.title.values)
                return (
                  <li key={name}>
                    <button type="button" className="card quickcard" onClick={() => onChoose(suggestion, name)}>
                      <Icon name={suggestion.chart.type === 'table' ? 'table' : suggestion.chart.type} /><span>{name}</span>
                    </button>
                  </li>
                )
              })}
            </ul>
          </div>
        )
      })}
    </section>
  )
}
