import { computed, watch } from 'vue'
import type { Picture } from './picture'
import { usePicture } from './platformPicture'
import { api } from './session'

const FIRST_RETRY_MS = 600
const LAST_RETRY_MS = 6_000

/** The live picture of a program: plays while `onAir()` says so, and comes back by itself with fresh addresses. */
export function useLivePicture(program: () => string, onAir: () => boolean): Picture {
  const picture = usePicture()
  let attempt = 0
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | null = null

  async function play(): Promise<void> {
    const mine = ++attempt
    picture.rest()
    picture.waiting.value = true
    try {
      const addresses = await api.play(program())
      if (mine === attempt) await picture.showLive(addresses, { failed: () => again(mine) })
    } catch {
      again(mine)
    }
  }

  function again(mine: number): void {
    if (mine !== attempt || !onAir()) return
    picture.waiting.value = true
    failures += 1
    const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1))
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => {
      if (onAir()) void play()
    }, delay)
  }

  function rest(): void {
    attempt += 1
    if (timer !== null) clearTimeout(timer)
    timer = null
    picture.rest()
  }

  watch(picture.playing, (playing) => {
    if (playing) failures = 0
  })
  // One value that changes only when the picture has to start or stop, however often the room changes.
  const due = computed(() => onAir() && picture.ready.value)
  watch(
    due,
    (now, _before, onCleanup) => {
      if (!now) return
      void play()
      onCleanup(rest)
    },
    { immediate: true },
  )
  return picture
}
