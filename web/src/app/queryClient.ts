import { QueryClient } from '@tanstack/react-query'
import { CallError } from '../api/call'

/** What is asked of the services and kept. Refusals are not asked again; failures twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && error instanceof CallError && (error.status === 0 || error.status >= 502),
    },
  },
})
