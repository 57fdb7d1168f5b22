import { onUnmounted, ref, shallowRef } from 'vue'
import { begin, type Player } from '@/players/player'

/** Sound stays on for the whole visit once a person has asked for it. */
let soundWanted = false

/** A video element's life: what plays in it, its sound, its size, whether it waits. H5 only. */
export function usePicture() {
  const video = shallowRef<HTMLVideoElement | null>(null)
  const player = shallowRef<Player | null>(null)
  const muted = ref(true)
  const playing = ref(false)
  const waiting = ref(true)
  const blocked = ref(false)
  const landscape = ref(false)

  /** Puts a video element into `host`, which the platform's own wrappers can't be used for. */
  function mount(host: HTMLElement): HTMLVideoElement {
    const element = document.createElement('video')
    element.playsInline = true
    element.setAttribute('webkit-playsinline', '')
    element.setAttribute('data-testid', 'room-video')
    element.muted = !soundWanted
    muted.value = element.muted
    element.style.cssText = 'width:100%;height:100%;display:block;object-fit:var(--fit,cover);background:transparent'
    const on = (name: string, then: () => void): void => element.addEventListener(name, then)
    on('playing', () => {
      playing.value = true
      waiting.value = false
      blocked.value = false
    })
    on('pause', () => (playing.value = false))
    on('waiting', () => (waiting.value = true))
    on('canplay', () => void start())
    on('volumechange', () => (muted.value = element.muted))
    on('resize', () => (landscape.value = element.videoWidth > element.videoHeight))
    host.appendChild(element)
    video.value = element
    return element
  }

  let wanted = true
  async function start(): Promise<void> {
    if (!video.value || !wanted || !video.value.paused) return
    blocked.value = (await begin(video.value)) === null
  }

  function toggleSound(): void {
    if (!video.value) return
    soundWanted = video.value.muted
    video.value.muted = !soundWanted
    wanted = true
    void start()
  }

  function togglePlay(): void {
    if (!video.value) return
    wanted = video.value.paused
    if (wanted) void start()
    else video.value.pause()
  }

  function hold(next: Player | null): void {
    player.value?.stop()
    player.value = next
    waiting.value = next !== null
    if (!next) playing.value = false
  }

  onUnmounted(() => {
    hold(null)
    video.value?.remove()
  })

  return { video, player, muted, playing, waiting, blocked, landscape, mount, start, toggleSound, togglePlay, hold }
}

export type Picture = ReturnType<typeof usePicture>
