import { useT } from '../i18n/useT'

/** The shape of what is coming. */
export function Skeletons({ rows = 6 }: { rows?: number }) {
  const t = useT()
  return (
    <div className="skeletons" role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="sk" style={{ width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  )
}
