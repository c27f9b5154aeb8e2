import { useT } from '../../i18n/useT'

/** Whether the report groups its records or lists them. */
export function ModeSwitch({ list, onChange }: { list: boolean; onChange: (list: boolean) => void }) {
  const t = useT()
  return (
    <div className="seg" role="group" aria-label={t('explore.mode')}>
      <button type="button" aria-pressed={!list} onClick={() => (list ? onChange(false) : undefined)}>{t('explore.mode.summary')}</button>
      <button type="button" aria-pressed={list} onClick={() => (list ? undefined : onChange(true))}>{t('explore.mode.list')}</button>
    </div>
  )
}
