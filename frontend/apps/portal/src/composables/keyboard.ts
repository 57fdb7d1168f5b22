import { onMounted, onUnmounted } from 'vue'
import { type Meaning, meaningOf } from './shortcuts'

const WAIT_MS = 1_200

/** Listens to the whole page; what takes a key for itself stops or prevents it. */
export function useKeyboard(act: (meaning: Meaning) => boolean): void {
  let gAt = -Infinity

  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const pressed = { key: event.key, typing: isField(event.target), modified: event.ctrlKey || event.altKey || event.metaKey }
    const meaning = meaningOf(pressed, event.timeStamp - gAt < WAIT_MS)
    gAt = meaning.act === 'wait' ? event.timeStamp : -Infinity
    if (act(meaning)) event.preventDefault()
  }

  onMounted(() => document.addEventListener('keydown', onKey))
  onUnmounted(() => document.removeEventListener('keydown', onKey))
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
