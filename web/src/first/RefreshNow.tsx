import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call } from '../api/call'
import { getRun, refreshNow } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'

const ENDED = new Set(['published', 'failed'])

/** For operators: do not wait for the refresh. Shows how far it is. */
export function RefreshNow() {
  const t = useT()
  const formats = useFormats()
  const { tenant } = useTenant()
  const client = useQueryClient()
  const start = useMutation({ mutationFn: () => call(refreshNow({ headers: { 'idempotency-key': crypto.randomUUID() } })) })
  const run = useQuery({
    queryKey: ['runs', '*', start.data?.run ?? ''],
    enabled: start.data !== undefined,
    queryFn: ({ signal }) => call(getRun({ path: { run: start.data?.run ?? '' }, signal })),
    refetchInterval: (query) => (ENDED.has(query.state.data?.state ?? '') ? false : 1_000),
  })
  const state = run.data?.state
  useEffect(() => {
    if (state === 'published') void client.invalidateQueries({ queryKey: ['catalog', tenant] })
  }, [state, client, tenant])
  const busy = start.isPending || (start.data !== undefined && !ENDED.has(state ?? '') && !run.isError)
  const problem = start.error ?? run.error
  return (
    <div className="firstrefresh">
      <div className="row wrap">
        <button type="button" className="btn sm" aria-disabled={busy} onClick={() => (busy ? undefined : start.mutate())}><Icon name="refresh" />{t('first.refresh')}</button>
        <span role="status" className="s12 sub">
          {busy ? t('first.refresh.running', { progress: formats.percent(run.data?.progress ?? 0) }) : null}
          {state === 'published' ? t('first.refresh.done') : null}
          {state === 'failed' ? t('first.refresh.failed', { reason: run.data?.reason ?? '' }) : null}
        </span>
        {busy || state !== undefined ? null : <span className="s12 mut">{t('first.refresh.hint')}</span>}
      </div>
      {problem === null ? null : <ProblemNotice error={problem} compact />}
    </div>
  )
}
