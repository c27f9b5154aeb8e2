import { useEffect, useState } from 'react'

/** The whole screen for the page, without its frame. */
export function useFullScreen(): { full: boolean; toggle: () => void } {
  const [full, setFull] = useState(false)
  useEffect(() => {
    const listen = () => setFull(Boolean(document.fullscreenElement))
    document.addEventListener('fullscreenchange', listen)
    return () => {
      document.removeEventListener('fullscreenchange', listen)
      if (document.fullscreenElement) void document.exitFullscreen()
    }
  }, [])
  // The document, not a part of it: menus and dialogs are drawn outside of the view.
  const toggle = () => void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())
  return { full, toggle }
}
