import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { useT } from '../../i18n/useT'
import { Icon } from '../../shared/Icon'

/** Where an item of a list is held: it is dragged, or moved with the arrow keys. The list's items are the elements with
 * `data-item` in the nearest `data-reorder`. */
export function Grip({ id, name, index, count, onMove }: { id: string; name: string; index: number; count: number; onMove: (from: number, to: number) => void }) {
  const t = useT()
  // While it is dragged, the item's place and what moves it change with every rendering.
  const now = useRef({ index, onMove })
  now.current = { index, onMove }
  const drag = (event: PointerEvent<HTMLButtonElement>) => {
    const list = event.currentTarget.closest('[data-reorder]')
    if (list === null || event.button !== 0) return
    const follow = (moved: globalThis.PointerEvent) => {
      const from = now.current.index
      const to = placeAt(list, from, moved.clientY)
      if (to !== from) now.current.onMove(from, to)
    }
    const end = () => {
      window.removeEventListener('pointermove', follow)
      window.removeEventListener('pointerup', end)
      window.removeEventListener('pointercancel', end)
      document.body.classList.remove('dragging')
    }
    window.addEventListener('pointermove', follow)
    window.addEventListener('pointerup', end)
    window.addEventListener('pointercancel', end)
    document.body.classList.add('dragging')
  }
  const press = (event: KeyboardEvent) => {
    const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: count - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    if (to < 0 || to >= count || to === index) return
    onMove(index, to)
    // A moved element loses the focus.
    requestAnimationFrame(() => document.getElementById(id)?.focus())
  }
  return (
    <button type="button" id={id} className="grip" aria-label={t('manage.move.grip', { name })} onPointerDown={drag} onKeyDown={press}>
      <Icon name="grip" />
    </button>
  )
}

/** The place over which the pointer is: past the middle of another item, so that tall items do not jump back. */
function placeAt(list: Element, from: number, y: number): number {
  const items = [...list.querySelectorAll(':scope > [data-item]')]
  for (let index = 0; index < from; index += 1) if (y < middle(items[index])) return index
  for (let index = items.length - 1; index > from; index -= 1) if (y > middle(items[index])) return index
  return from
}

function middle(item: Element | undefined): number {
  const box = item?.getBoundingClientRect()
  return box === undefined ? 0 : box.top + box.height / 2
}
