import type { Play } from '@kaibo/client'
import { computed, type Ref, ref, shallowRef } from 'vue'
import type { PlayerHooks } from '@/players/player'
import type { Picture, Recording } from './picture'

/** What a native component shows now. */
export type Source = ({ kind: 'live'; url: string } | (Omit<Recording, 'kind'> & { kind: 'recorded' })) & { hooks: PlayerHooks }

/** How the component on screen is moved. */
export interface Controls {
  play: () => void
  pause: () => void
  seek: (seconds: number) => void
  setSpeed: (rate: number) => void
}

export interface NativePicture extends Picture {
  testid: string
  source: Ref<Source | null>
  controls: Ref<Controls | null>
}

/**
 * A picture in a mini-program: `live-player` for a show (HTTP-FLV), `video` for what is recorded (HLS or a file). Both
 * are native components that play by their attributes and tell by events; `NativeScreen.vue` holds them.
 */
export function useNativePicture(testid: string): NativePicture {
  const source = shallowRef<Source | null>(null)
  const controls = shallowRef<Controls | null>(null)
  const playing = ref(false)
  const waiting = ref(true)
  const muted = ref(false)
  const blocked = ref(false)
  const landscape = ref(false)
  const position = ref(0)
  const duration = ref(0)

  function show(next: Source | null): void {
    playing.value = false
    waiting.value = next !== null
    source.value = next
  }

  const showLive = async ({ flv_url }: Play, hooks: PlayerHooks): Promise<void> => show({ kind: 'live', url: flv_url, hooks })
  const showRecorded = async (recording: Recording, hooks: PlayerHooks): Promise<void> => show({ ...recording, kind: 'recorded', hooks })

  function seek(ms: number): void {
    position.value = ms
    controls.value?.seek(ms / 1000)
    controls.value?.play()
  }

  const states = { ready: computed(() => true), playing, waiting, muted, blocked, landscape, position, duration }
  return {
    ...states,
    testid,
    source,
    controls,
    showLive,
    showRecorded,
    rest: () => show(null),
    start: async () => controls.value?.play(),
    togglePlay: () => (playing.value ? controls.value?.pause() : controls.value?.play()),
    toggleSound: () => (muted.value = !muted.value),
    seek,
    setSpeed: (rate) => controls.value?.setSpeed(rate),
    seenAt: () => null,
  }
}
