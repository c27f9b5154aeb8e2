import { Link } from 'react-router'
import type { SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'
import { Step } from '../shared/Steps'

/** Step 2: how many records have arrived, live, and how many were refused. `known`: whether they can be counted yet. */
export function WatchRecords({ objects, waiting, known, refused, onTest }: { objects: SchemaBody[]; waiting: number; known: boolean; refused: number; onTest: () => void }) {
  const t = useT()
  const { tenant, may } = useTenant()
  const arrived = waiting > 0
  const state = arrived ? 'done' : objects.length > 0 ? 'now' : 'later'
  return (
    <Step number={2} title={t('first.step2')} text={t('first.step2.text')} state={state}>
      <div className="card firstwatch">
        <span role="status" className="row wrap">
          {arrived ? <span className="state ok"><Icon name="checkCircle" />{t('first.step2.arrived', { count: waiting })}</span>
            : <span className="state off"><Icon name="clock" />{t(known ? 'first.step2.none' : 'first.step2.unknown')}</span>}
          {refused > 0 ? <span className="state warn"><Icon name="warning" />{t('first.step2.refused', { count: refused })}</span> : null}
        </span>
        <span className="grow" />
        {refused > 0 ? <Link className="s13 lk" to={`/t/${encodeURIComponent(tenant)}/data/integrations`}>{t('first.step2.why')}</Link> : null}
        {may('records:write') ? <button type="button" className="linkbtn s13" onClick={onTest}>{t('first.step2.test')}</button> : null}
      </div>
    </Step>
  )
}
