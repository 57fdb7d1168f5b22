import { computed, watch } from 'vue'
import { playLive } from '@/players/live'
import { type Picture, usePicture } from './picture'
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
    const video = picture.video.value
    if (!video) return
    picture.hold(null)
    picture.waiting.value = true
    try {
      const addresses = await api.play(program())
      if (mine !== attempt) return
      const player = await playLive(video, addresses, { failed: () => again(mine) })
      if (mine !== attempt) return player.stop()
      picture.hold(player)
      await picture.start()
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
    picture.hold(null)
  }

  watch(picture.playing, (playing) => {
    if (playing) failures = 0
  })
  // One value that changes only when the picture has to start or stop, however often the room changes.
  const stage = computed(() => (onAir() ? picture.video.value : null))
  watch(
    stage,
    (video, _before, onCleanup) => {
      if (!video) return
      void play()
      onCleanup(rest)
    },
    { immediate: true },
  )
  return picture
}
