import type { ReactNode } from 'react'
import { useCallback } from 'react'
import { useIntl } from 'react-intl'
import type { MessageId } from '.'

type Plain = string | number | boolean | Date | null | undefined
type Chunk = (chunks: ReactNode[]) => ReactNode

/** Texts by their ids: `t('common.save')`. */
export function useT(): (id: MessageId, values?: Record<string, Plain>) => string {
  const intl = useIntl()
  return useCallback((id, values) => intl.formatMessage({ id }, values), [intl])
}

const bold: Chunk = (chunks) => chunks

/** Texts with parts that are elements: `rich('common.fresh.asOf', { b: (chunks) => <b>{chunks}</b>, instant })`. */
export function useRich(): (id: MessageId, values: Record<string, Plain | ReactNode | Chunk>) => ReactNode {
  const intl = useIntl()
  return useCallback(
    (id, values) => intl.formatMessage({ id }, { b: bold, ...values } as unknown as Record<string, string>) as ReactNode,
    [intl],
  )
}
