import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CallError, call, type ProblemItem } from '../../api/call'
import { runQuery, type DryRunBody } from '../../api/query'
import { useLanguage } from '../../i18n/LanguageProvider'
import type { Report } from '../../report/types'
import { useTenant } from '../../session/SessionProvider'

/** What the service says of a report without running it. `problems` has what it refuses; null while it is not known. */
export type DryRun = { checking: boolean; columns: DryRunBody['columns']; zone: string | null; problems: readonly ProblemItem[] | null; failed: Error | null }

const WAIT = 300

/** Checks a report as it is edited, and once more on `check` before it is saved; nothing for null. */
export function useDryRun(report: Report | null): DryRun & { check: (report: Report) => Promise<readonly ProblemItem[]> } {
  const { tenant } = useTenant()
  const { language } = useLanguage()
  const client = useQueryClient()
  const text = report === null ? '' : JSON.stringify(report)
  const [settled] = useDebouncedValue(text, WAIT)
  const options = (asked: string) => ({
    queryKey: ['dry-run', tenant, language, asked],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const body = JSON.parse(asked) as Report
      return (await call(runQuery({ path: { tenant }, body: body as never, query: { dry_run: true }, signal }))) as unknown as DryRunBody
    },
    retry: false,
    staleTime: 60_000,
  })
  const answer = useQuery({ ...options(settled), enabled: settled !== '' })
  const refusal = answer.error instanceof CallError && answer.error.status === 422 ? answer.error : null
  const current = settled === text
  return {
    checking: text !== '' && (!current || answer.isFetching),
    columns: answer.data?.columns ?? [],
    zone: answer.data?.snapshot.zone ?? null,
    problems: !current || settled === '' ? null : answer.isSuccess ? [] : (refusal?.errors ?? null),
    failed: answer.isError && refusal === null ? answer.error : null,
    check: async (asked) => {
      try {
        await client.fetchQuery(options(JSON.stringify(asked)))
        return []
      } catch (error) {
        // What cannot be checked now is judged when the report runs.
        return error instanceof CallError && error.status === 422 ? error.errors : []
      }
    },
  }
}
