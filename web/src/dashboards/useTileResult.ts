import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { ResultBody } from '../api/query'
import { useLanguage } from '../i18n/LanguageProvider'
import type { Report } from '../report/types'
import { runReport } from '../result/useReport'
import { useTenant } from '../session/SessionProvider'
import type { Queue } from './queue'

const MARGIN = '200px'

/** A result with the report that it answers: while a new one is asked, the old one stays and is read as what it is. */
export type Answer = { request: Report; result: ResultBody }

/** The answer to a tile's report, asked once the tile is wanted and its turn has come. */
export function useTileResult(request: Report | null, wanted: boolean, queue: Queue) {
  const { tenant } = useTenant()
  const { language } = useLanguage()
  return useQuery({
    queryKey: ['tile', tenant, request, language],
    queryFn: async ({ signal }): Promise<Answer> => {
      const asked = request as Report
      return { request: asked, result: await queue.run(() => runReport(tenant, asked, signal), signal) }
    },
    enabled: wanted && request !== null,
    // A pinned snapshot answers the same for as long as it is kept.
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}

/** Whether an element has come into view once. */
export function useSeen<Element extends HTMLElement>(): [RefObject<Element | null>, boolean] {
  const ref = useRef<Element>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (element === null || seen) return
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), { rootMargin: MARGIN })
    observer.observe(element)
    return () => observer.disconnect()
  }, [seen])
  return [ref, seen]
}
