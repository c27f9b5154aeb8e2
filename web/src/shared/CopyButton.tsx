import { useEffect, useState } from 'react'
import { useT } from '../i18n/useT'
import { Icon } from './Icon'

const SHOWN_MS = 2_000

/** Copies a text and says so. `what` names it for those who do not see what stands beside the button. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const t = useT()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button type="button" className="btn sm" aria-label={`${t('common.copy')}: ${what}`} onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
      <Icon name={copied ? 'check' : 'copy'} />
      <span role="status">{t(copied ? 'common.copied' : 'common.copy')}</span>
    </button>
  )
}
