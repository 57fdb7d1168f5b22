import { computed, onUnmounted, type Ref, ref, shallowRef } from 'vue'
import { readPicture } from '@/platform/files'
import type { Camera, Still } from './camera'

const HEARD = 0.12
const QUIET_AFTER_MS = 4_000

/** How the `live-pusher` on screen is moved; each call fails with what WeChat says. */
export interface PusherControls {
  preview: () => Promise<void>
  close: () => void
  start: () => Promise<void>
  stop: () => void
  turn: () => void
  /** Path of a picture of what the camera sees. */
  snapshot: () => Promise<string>
}

/** What a `live-pusher` counts, of `netstatus`. */
export interface PusherCounts {
  videoBitrate?: number
  audioBitrate?: number
  videoFPS?: number
}

export interface NativeCamera extends Camera {
  /** Where the picture goes; empty: nowhere. */
  url: Ref<string>
  controls: Ref<PusherControls | null>
  attach: (controls: PusherControls | null) => void
  heard: (volume: number) => void
  refused: (code: number) => void
  /** What the uplink wants to know: numbers of `statechange`, and counts. */
  listener: { told: (code: number) => void; counted: (counts: PusherCounts) => void }
}

const REFUSED = { camera: 10001, microphone: 10002 }

/**
 * Camera and microphone in a mini-program: one native component, `live-pusher`, has both and the uplink as well;
 * `PusherView.vue` holds it. How bright the picture is nobody can tell here.
 */
export function useNativeCamera(): NativeCamera {
  const controls = shallowRef<PusherControls | null>(null)
  const url = ref('')
  const opened = ref(false)
  const trouble: Camera['trouble'] = ref(null)
  const facing: Camera['facing'] = ref('user')
  const mirrored = ref(true)
  const muted = ref(false)
  const level = ref(0)
  const quiet = ref(false)
  const light: Camera['light'] = ref('waiting')
  let wanted = false
  let heardAt = Date.now()

  async function open(): Promise<boolean> {
    wanted = true
    if (!controls.value) return false
    trouble.value = null
    try {
      await controls.value.preview()
      opened.value = true
    } catch {
      trouble.value ??= 'taken'
    }
    return opened.value
  }

  function attach(next: PusherControls | null): void {
    controls.value = next
    if (next && wanted) void open()
  }

  function refused(code: number): void {
    opened.value = false
    trouble.value = code === REFUSED.microphone ? 'no_microphone' : code === REFUSED.camera ? 'refused' : 'taken'
  }

  function heard(volume: number): void {
    level.value = muted.value ? 0 : Math.min(1, volume / 100)
    if (level.value > HEARD) heardAt = Date.now()
    quiet.value = Date.now() - heardAt > QUIET_AFTER_MS
  }

  async function flip(): Promise<null> {
    controls.value?.turn()
    facing.value = facing.value === 'user' ? 'environment' : 'user'
    mirrored.value = facing.value === 'user'
    return null
  }

  async function still(): Promise<Still> {
    if (!controls.value) throw new Error('no picture')
    const bytes = await readPicture(await controls.value.snapshot())
    return { type: 'image/jpeg', arrayBuffer: async () => bytes }
  }

  function close(): void {
    wanted = false
    opened.value = false
    controls.value?.close()
  }

  onUnmounted(close)
  const ready = computed(() => opened.value && controls.value !== null)
  const seen = { stream: shallowRef(null), ready, trouble, facing, mirrored, muted, several: ref(true), level, light, quiet }
  const acts = { open, flip, still, close, show: () => undefined, alive: () => opened.value, setMuted: (next: boolean) => void (muted.value = next) }
  const listener = { told: () => undefined, counted: () => undefined }
  return { ...seen, ...acts, url, controls, attach, heard, refused, listener }
}
