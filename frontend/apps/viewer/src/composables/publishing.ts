import { ApiProblem, Backoff, type Uplink, whipEnd } from '@kaibo/client'
import { onUnmounted, ref } from 'vue'
import { onWake } from '@/platform/page'
import { type Publisher, publish } from '@/platform/publisher'
import { uniTransport } from '@/platform/transport'
import type { Camera } from './camera'
import { keepLeftOver, leftOver } from './leftOver'
import { api } from './session'
import { locale } from './text'

const LOOK_EVERY_MS = 2_000
/** The server still holds the publish of before a reload or a lost network: it lets go after some seconds of silence. */
const HELD_FOR_MS = 15_000
/** Looks in a row at a camera without a new picture, until it is opened anew. */
const FROZEN_LOOKS = 2

export type PublishState = 'idle' | 'connecting' | 'sending' | 'reconnecting' | 'refused'

/** Sends the camera to a program, and comes back by itself after whatever cut it. H5 only. */
export function usePublishing(camera: Camera) {
  const state = ref<PublishState>('idle')
  const refusal = ref('')
  const uplink = ref<Uplink | null>(null)
  const backoff = new Backoff({ baseMs: 600, capMs: 5_000 })
  let program = ''
  let publisher: Publisher | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let attempt = 0
  let heldSince = 0
  let frozen = 0

  async function begin(id: string): Promise<void> {
    program = id
    refusal.value = ''
    state.value = 'connecting'
    await endLeftOver(id)
    await connect()
  }

  async function connect(): Promise<void> {
    const mine = ++attempt
    if (timer !== null) clearTimeout(timer)
    timer = null
    await publisher?.stop()
    publisher = null
    try {
      if (!camera.alive() && !(await camera.open())) return again(mine)
      const stream = camera.stream.value
      if (mine !== attempt || !stream) return
      const { whip_url, key } = await api.push(program)
      const next = await publish(stream, { url: whip_url, key, locale: locale.value }, () => again(mine))
      if (mine !== attempt) return void next.stop()
      publisher = next
      stream.getTracks().forEach(watchFor)
      keepLeftOver({ program, address: next.address })
      backoff.reset()
      heldSince = 0
      frozen = 0
      state.value = 'sending'
    } catch (error) {
      if (mine === attempt && isFinal(error)) {
        refusal.value = (error as Error).message
        state.value = 'refused'
      } else again(mine)
    }
  }

  /** A call may take camera or microphone away. */
  function watchFor(track: MediaStreamTrack): void {
    const mine = attempt
    track.onended = () => again(mine)
  }

  /** Refusals that waiting does not change. */
  function isFinal(error: unknown): boolean {
    if (!(error instanceof ApiProblem)) return false
    if (error.code === 'transcodes_busy') return true
    if (error.status >= 500 || error.status === 429) return false
    if (error.code !== 'publisher_active') return true
    heldSince ||= Date.now()
    return Date.now() - heldSince > HELD_FOR_MS
  }

  function again(mine: number): void {
    if (mine !== attempt || !program) return
    state.value = state.value === 'connecting' ? 'connecting' : 'reconnecting'
    uplink.value = null
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => void connect(), backoff.next())
  }

  /** The page is seen again, or there is a network: what stopped meanwhile starts at once. */
  const stopWaking = onWake(() => {
    if (!program || state.value === 'refused' || state.value === 'connecting') return
    if (state.value === 'sending' && camera.alive()) return
    backoff.reset()
    state.value = 'reconnecting'
    void connect()
  })

  async function flip(): Promise<void> {
    const track = await camera.flip()
    if (!track) return
    watchFor(track)
    await publisher?.replacePicture(track)
  }

  /** Phones stop a camera without a word now and then, most of all when it was just turned: it is opened anew. */
  function thaw(still: boolean): void {
    frozen = still ? frozen + 1 : 0
    if (frozen < FROZEN_LOOKS || state.value !== 'sending') return
    camera.close()
    again(attempt)
  }

  async function stop(): Promise<void> {
    program = ''
    attempt += 1
    if (timer !== null) clearTimeout(timer)
    keepLeftOver(null)
    state.value = 'idle'
    uplink.value = null
    const last = publisher
    publisher = null
    await last?.stop()
  }

  const looking = setInterval(() => {
    void publisher?.look().then((seen) => {
      if (!seen || !publisher) return
      uplink.value = seen
      thaw(seen.frozen)
    })
  }, LOOK_EVERY_MS)

  onUnmounted(() => {
    stopWaking()
    clearInterval(looking)
    void stop()
  })
  return { state, refusal, uplink, begin, retry: () => begin(program), flip, stop }
}

/** It would be in the way of the next. */
async function endLeftOver(program: string): Promise<void> {
  const left = leftOver()
  keepLeftOver(null)
  if (left?.program === program) await whipEnd(uniTransport, left.address)
}

export type Publishing = ReturnType<typeof usePublishing>
