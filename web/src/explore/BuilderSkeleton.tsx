import { useT } from '../i18n/useT'

/** The builder while its fields and its Look are loaded. */
export function BuilderSkeleton() {
  const t = useT()
  return (
    <div className="shell" aria-busy="true">
      <div className="picker"><div className="skeletons" role="status" aria-label={t('common.loading')}>{[70, 88, 52, 76, 64, 81].map((width) => <div key={width} className="sk" style={{ width: `${width}%` }} />)}</div></div>
      <main className="main" id="main" tabIndex={-1}>
        <h1 className="vh">{t('shell.reports')}</h1>
        <div className="sk" style={{ width: 280, height: 28 }} />
        <div className="sk" style={{ height: 88, marginTop: 16 }} />
        <div className="sk" style={{ height: 320, marginTop: 12 }} />
      </main>
    </div>
  )
}
