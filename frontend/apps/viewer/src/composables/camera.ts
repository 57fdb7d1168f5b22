import { computed, onUnmounted, ref, shallowRef } from 'vue'
import {
  anotherCamera,
  brightness,
  cameraFence,
  CameraFailed,
  type CameraTrouble,
  type Facing,
  hasSeveralCameras,
  listen,
  openCamera,
  openPicture,
  showStream,
  takeStill,
} from '@/platform/camera'

const LEVEL_EVERY_MS = 100
const LIGHT_EVERY_MS = 600
const QUIET_AFTER_MS = 4_000
const DARK = 0.16
const GLARING = 0.88
const HEARD = 0.12

/** One picture of what the camera sees. */
export type Still = Pick<Blob, 'type' | 'arrayBuffer'>

/** Camera and microphone of this phone: opened, shown, measured, turned, and given back with the page. H5 only. */
export function useCamera() {
  const stream = shallowRef<MediaStream | null>(null)
  const trouble = ref<CameraTrouble | null>(null)
  const facing = ref<Facing>('user')
  const mirrored = ref(true)
  const muted = ref(false)
  const several = ref(false)
  const level = ref(0)
  const light = ref<'waiting' | 'good' | 'dark' | 'glaring'>('waiting')
  const heardAt = ref(Date.now())
  const quiet = ref(false)
  const video = shallowRef<HTMLVideoElement | null>(null)
  let host: HTMLElement | null = null
  let ears: ReturnType<typeof listen> | null = null
  let opening: Promise<boolean> | null = null
  let gone = false

  const open = (): Promise<boolean> => (opening ??= start().finally(() => (opening = null)))

  /** Whether there is a picture now; if not, `trouble` says why. */
  async function start(): Promise<boolean> {
    trouble.value = cameraFence()
    if (trouble.value) return false
    close()
    try {
      const next = await openCamera(facing.value)
      if (gone) {
        next.getTracks().forEach((track) => track.stop())
        return false
      }
      hold(next)
      several.value = await hasSeveralCameras()
      return true
    } catch (error) {
      trouble.value = error instanceof CameraFailed ? error.trouble : 'taken'
      return false
    }
  }

  function hold(next: MediaStream): void {
    stream.value = next
    setMuted(muted.value)
    ears?.stop()
    ears = listen(next)
    if (host) video.value = showStream(host, next)
  }

  function show(element: HTMLElement): void {
    host = element
    if (stream.value) video.value = showStream(element, stream.value)
  }

  function setMuted(next: boolean): void {
    muted.value = next
    for (const track of stream.value?.getAudioTracks() ?? []) track.enabled = !next
  }

  /** The other camera. A phone opens one at a time, so that the first is let go before; its picture comes back if there is no other. */
  async function flip(): Promise<MediaStreamTrack | null> {
    const before = stream.value
    if (!before) return null
    const from = facing.value
    const to: Facing = from === 'user' ? 'environment' : 'user'
    const device = before.getVideoTracks()[0]?.getSettings().deviceId ?? ''
    before.getVideoTracks().forEach((track) => track.stop())
    let turned = to
    const track = await openPicture({ facing: to })
      .catch(async () => openPicture({ device: await anotherCamera(device) }))
      .catch(() => {
        turned = from
        return openPicture({ device }).catch(() => null)
      })
    if (!track) {
      await open()
      return stream.value?.getVideoTracks()[0] ?? null
    }
    facing.value = turned
    mirrored.value = turned === 'user'
    hold(new MediaStream([track, ...before.getAudioTracks()]))
    return track
  }

  /** Whether both tracks still run; a phone call may have taken them away. */
  const alive = (): boolean => {
    const tracks = stream.value?.getTracks() ?? []
    return tracks.length > 1 && tracks.every(({ readyState }) => readyState === 'live')
  }

  const still = (): Promise<Still> => (video.value ? takeStill(video.value) : Promise.reject(new Error('no picture')))

  function close(): void {
    stream.value?.getTracks().forEach((track) => track.stop())
    ears?.stop()
    ears = null
    stream.value = null
  }

  const levels = setInterval(() => {
    level.value = ears && !muted.value ? ears.level() : 0
    if (level.value > HEARD) heardAt.value = Date.now()
    quiet.value = Date.now() - heardAt.value > QUIET_AFTER_MS
  }, LEVEL_EVERY_MS)
  const lights = setInterval(() => {
    const seen = brightness(video.value)
    light.value = seen === null ? 'waiting' : seen < DARK ? 'dark' : seen > GLARING ? 'glaring' : 'good'
  }, LIGHT_EVERY_MS)

  onUnmounted(() => {
    gone = true
    clearInterval(levels)
    clearInterval(lights)
    close()
  })

  const ready = computed(() => stream.value !== null)
  return { stream, ready, trouble, facing, mirrored, muted, several, level, light, quiet, open, show, flip, alive, still, setMuted, close }
}

export type Camera = ReturnType<typeof useCamera>
