/** An error that is found when an input loses the focus takes room, and moves what the pointer is being pressed on: the
 * release then hits something else, and the click is lost. So what such an event changes waits for the release. */

const waiting: (() => void)[] = []
let pressed = false

function press(): void {
  pressed = true
}

/** After the events of the release, the click among them. */
function release(): void {
  pressed = false
  setTimeout(() => {
    if (!pressed) for (const change of waiting.splice(0)) change()
  })
}

// Of a touch the mouse events, and with them the focus, come only after its pointer events.
for (const name of ['pointerdown', 'mousedown']) window.addEventListener(name, press, true)
for (const name of ['pointerup', 'pointercancel', 'mouseup', 'dragend']) window.addEventListener(name, release, true)

/** Makes a change: at once, or when the pointer that is pressed now has been released and has clicked. */
export function afterPointer(change: () => void): void {
  if (pressed) waiting.push(change)
  else change()
}
