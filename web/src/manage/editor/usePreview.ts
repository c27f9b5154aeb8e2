import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/call'
import { changeSchema, type Definition, type PreviewBody } from '../../api/schema'
import { useLanguage } from '../../i18n/LanguageProvider'
import { useTenant } from '../../session/SessionProvider'

const WAIT_MS = 400

/** What the service says of a definition that is not saved yet: problems, changes, and what reports lose. */
export function usePreview(version: number, definition: Definition, enabled: boolean) {
  const client = useQueryClient()
  const { tenant } = useTenant()
  const { language } = useLanguage()
  const text = JSON.stringify(definition)
  const [settled] = useDebouncedValue(text, WAIT_MS)
  const options = (sent: string) => ({
    queryKey: ['preview', tenant, definition.object, version, language, sent],
    queryFn: ({ signal }: { signal: AbortSignal }) => ask(tenant, version, JSON.parse(sent) as Definition, signal),
    staleTime: 10_000,
    gcTime: 60_000,
    retry: false,
  })
  const answer = useQuery({ ...options(settled), enabled, placeholderData: keepPreviousData })
  return {
    /** The newest answer; `current`: it is about exactly what is typed now. */
    data: enabled ? answer.data : undefined,
    current: settled === text && !answer.isPlaceholderData && answer.data !== undefined,
    error: enabled ? answer.error : null,
    ask: () => client.fetchQuery(options(text)),
  }
}

async function ask(tenant: string, version: number, body: Definition, signal: AbortSignal): Promise<PreviewBody> {
  const answer = await call(changeSchema({
    path: { tenant, object: body.object }, query: { validate_only: true }, headers: { 'if-match': `"${version}"` }, body, signal,
  }))
  if ('valid' in answer) return answer
  throw new Error('The service answered a preview with an object.')
}
