import { flushSync } from 'react-dom'

/** Measures an element at once, whenever its size changes, and before the page goes to paper: a browser asks nobody
 * between laying out a page for paper and drawing it, so what is drawn to measure must be there before. */
export function observeSize(element: Element, measure: () => void): () => void {
  const onPaper = () => flushSync(measure)
  measure()
  const observer = new ResizeObserver(measure)
  observer.observe(element)
  window.addEventListener('beforeprint', onPaper)
  return () => {
    observer.disconnect()
    window.removeEventListener('beforeprint', onPaper)
  }
}
