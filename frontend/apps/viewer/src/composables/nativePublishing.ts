import { Backoff, isProblem, type Uplink } from '@kaibo/client'
import { nextTick, onUnmounted, ref } from 'vue'
import { onWake } from '@/platform/page'
import { PUSH_BUSY, PUSH_GIVEN_UP, PUSH_RECONNECTING, PUSH_SENDING } from '@/platform/live'
import { keepLeftOver } from './leftOver'
import type { NativeCamera, PusherCounts } from './nativeCamera'
import type { Publishing, PublishState } from './publishing'
import { api } from './session'

/** How long a warning of the network's holds. */
const WEAK_FOR_MS = 6_000

/** Sends a `live-pusher` to a program over RTMP, and comes back by itself after whatever cut it. */
export function useNativePublishing(camera: NativeCamera): Publishing {
  const state = ref<PublishState>('idle')
  const refusal = ref('')
  const uplink = ref<Uplink | null>(null)
  const backoff = new Backoff({ baseMs: 600, capMs: 5_000 })
  let program = ''
  let attempt = 0
  let weakUntil = 0
  let timer: ReturnType<typeof setTimeout> | null = null

  async function begin(id: string): Promise<void> {
    program = id
    refusal.value = ''
    state.value = 'connecting'
    await connect()
  }

  async function connect(): Promise<void> {
    const mine = ++attempt
    if (timer !== null) clearTimeout(timer)
    try {
      const { url } = await api.push(program)
      if (mine !== attempt) return
      camera.url.value = url
      await nextTick()
      await camera.controls.value?.start()
      keepLeftOver({ program, address: '' })
    } catch (error) {
      if (mine !== attempt) return
      if (isProblem(error) && error.status < 500 && error.status !== 429) {
        refusal.value = error.message
        state.value = 'refused'
      } else again()
    }
  }

  function again(): void {
    if (!program || state.value === 'refused') return
    state.value = state.value === 'connecting' ? 'connecting' : 'reconnecting'
    uplink.value = null
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => {
      camera.controls.value?.stop()
      void connect()
    }, backoff.next())
  }

  camera.listener.told = (code: number): void => {
    if (!program) return
    if (PUSH_SENDING.has(code)) {
      backoff.reset()
      state.value = 'sending'
    } else if (PUSH_RECONNECTING.has(code)) state.value = 'reconnecting'
    else if (PUSH_BUSY.has(code)) weakUntil = Date.now() + WEAK_FOR_MS
    else if (PUSH_GIVEN_UP.has(code)) again()
  }

  camera.listener.counted = ({ videoBitrate = 0, audioBitrate = 0, videoFPS = 0 }: PusherCounts): void => {
    if (state.value !== 'sending') return
    const kbps = Math.round(videoBitrate + audioBitrate)
    const health = kbps === 0 ? 'stalled' : Date.now() < weakUntil ? 'weak' : 'good'
    uplink.value = { kbps, fps: Math.round(videoFPS), frozen: false, health }
  }

  /** WeChat stops a `live-pusher` while the mini-program is not on screen. */
  const stopWaking = onWake(() => {
    if (!program || state.value === 'refused' || state.value === 'connecting') return
    backoff.reset()
    state.value = 'reconnecting'
    camera.controls.value?.stop()
    void connect()
  })

  async function stop(): Promise<void> {
    program = ''
    attempt += 1
    if (timer !== null) clearTimeout(timer)
    keepLeftOver(null)
    state.value = 'idle'
    uplink.value = null
    camera.controls.value?.stop()
    camera.url.value = ''
  }

  onUnmounted(() => {
    stopWaking()
    void stop()
  })
  return { state, refusal, uplink, begin, retry: () => begin(program), flip: async () => void (await camera.flip()), stop }
}
