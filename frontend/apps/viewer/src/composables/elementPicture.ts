// #ifdef H5
import type { Play } from '@kaibo/client'
import { computed, onUnmounted, ref, shallowRef } from 'vue'
import { playLive } from '@/players/live'
import { begin, type Player, type PlayerHooks } from '@/players/player'
import { playPlaylist } from '@/players/playlist'
import type { Picture, Recording } from './picture'

/** Sound stays on for the whole visit once a person has asked for it. */
let soundWanted = false

export interface ElementPicture extends Picture {
  /** Puts the video element into `host`: the platform's own wrapper can't be fed by script. */
  mount: (host: HTMLElement) => void
}

/** A video element's life: what plays in it, its sound, its size, whether it waits. */
export function useElementPicture(testid: string): ElementPicture {
  const video = shallowRef<HTMLVideoElement | null>(null)
  const muted = ref(true)
  const playing = ref(false)
  const waiting = ref(true)
  const blocked = ref(false)
  const landscape = ref(false)
  const position = ref(0)
  const duration = ref(0)
  let player: Player | null = null
  let shown = 0
  let wanted = true
  let frame = 0

  function mount(host: HTMLElement): void {
    const element = document.createElement('video')
    element.playsInline = true
    element.setAttribute('webkit-playsinline', '')
    element.setAttribute('data-testid', testid)
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
  }

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

  function rest(): void {
    shown += 1
    player?.stop()
    player = null
    playing.value = false
    waiting.value = false
  }

  /** Whoever is shown last stays: a player that is ready too late is stopped. */
  async function hold(making: Promise<Player>): Promise<void> {
    const mine = shown
    waiting.value = true
    const next = await making
    if (mine !== shown) return next.stop()
    player = next
    await start()
  }

  async function showLive(play: Play, hooks: PlayerHooks): Promise<void> {
    rest()
    if (video.value) await hold(playLive(video.value, play, hooks))
  }

  async function showRecorded(recording: Recording, hooks: PlayerHooks): Promise<void> {
    rest()
    const element = video.value
    if (!element) return
    element.loop = recording.loop ?? false
    element.poster = recording.poster ?? ''
    follow(element)
    await hold(recording.kind === 'playlist' ? playPlaylist(element, recording.url, hooks, { live: false }) : playFile(element, recording.url, hooks))
  }

  /** Reads the position once per animation frame while the picture moves. */
  function follow(element: HTMLVideoElement): void {
    cancelAnimationFrame(frame)
    const read = (): void => {
      position.value = element.currentTime * 1000
      if (Number.isFinite(element.duration)) duration.value = element.duration * 1000
    }
    for (const name of ['timeupdate', 'durationchange', 'seeking'] as const) element[`on${name}`] = read
    const step = (): void => {
      if (!element.paused) read()
      frame = requestAnimationFrame(step)
    }
    step()
  }

  function seek(ms: number): void {
    if (!video.value) return
    position.value = ms
    video.value.currentTime = ms / 1000
    void start()
  }

  function setSpeed(rate: number): void {
    if (video.value) video.value.playbackRate = rate
  }

  onUnmounted(() => {
    cancelAnimationFrame(frame)
    rest()
    video.value?.remove()
  })

  const ready = computed(() => video.value !== null)
  const seenAt = (serverNow: number): number | null => player?.seenAt(serverNow) ?? null
  const states = { ready, playing, waiting, muted, blocked, landscape, position, duration }
  return { ...states, mount, showLive, showRecorded, rest, start, togglePlay, toggleSound, seek, setSpeed, seenAt }
}

async function playFile(video: HTMLVideoElement, url: string, hooks: PlayerHooks): Promise<Player> {
  video.onerror = () => hooks.failed(video.error?.message ?? 'media error')
  video.src = url
  return {
    seenAt: () => null,
    stop: () => {
      video.onerror = null
      video.removeAttribute('src')
      video.load()
    },
  }
}
// #endif
