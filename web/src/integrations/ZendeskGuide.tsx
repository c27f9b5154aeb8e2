import { useId } from 'react'
import { useRich, useT } from '../i18n/useT'
import { CopyButton } from '../shared/CopyButton'
import { TRIGGER_BODY } from './webhook'

export type Road = 'events' | 'trigger'

const ROADS: Road[] = ['events', 'trigger']
const bold = (chunks: React.ReactNode[]) => <b>{chunks}</b>
const STEPS: Record<Road, readonly ('integrations.zendesk.events.1' | 'integrations.zendesk.events.2' | 'integrations.zendesk.events.3' | 'integrations.zendesk.events.4' | 'integrations.zendesk.trigger.1' | 'integrations.zendesk.trigger.2' | 'integrations.zendesk.trigger.3')[]> = {
  events: ['integrations.zendesk.events.1', 'integrations.zendesk.events.2', 'integrations.zendesk.events.3', 'integrations.zendesk.events.4'],
  trigger: ['integrations.zendesk.trigger.1', 'integrations.zendesk.trigger.2', 'integrations.zendesk.trigger.3'],
}

/** What to do in Zendesk's Admin Center, with the names that its menus have. */
export function ZendeskGuide({ road, onRoad }: { road: Road; onRoad: (road: Road) => void }) {
  const t = useT()
  const rich = useRich()
  const name = useId()
  return (
    <div className="formgrid">
      <fieldset className="choiceset">
        <legend className="vh">{t('integrations.zendesk.road')}</legend>
        <div className="choicecards">
          {ROADS.map((one) => (
            <label key={one} className={`choicecard ${road === one ? 'on' : ''}`}>
              <input type="radio" name={name} checked={road === one} onChange={() => onRoad(one)} />
              <span><span className="strong">{t(`integrations.zendesk.${one}`)}</span><span className="s12 sub">{t(`integrations.zendesk.${one}.text`)}</span></span>
            </label>
          ))}
        </div>
      </fieldset>
      <ol className="guide s13">{STEPS[road].map((id) => <li key={id}>{rich(id, { b: bold })}</li>)}</ol>
      {road === 'trigger' ? (
        <div className="formgrid tight">
          <pre className="command small" tabIndex={0}>{TRIGGER_BODY}</pre>
          <div><CopyButton text={TRIGGER_BODY} what={t('integrations.zendesk.body')} /></div>
        </div>
      ) : null}
    </div>
  )
}
