import { useEffect } from 'react'

/** The title of the window: what is shown, then the product. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Crosslook' : `${title} · Crosslook`
  }, [title])
}
