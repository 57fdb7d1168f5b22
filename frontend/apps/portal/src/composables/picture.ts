import { onMounted, onUnmounted, ref, type Ref } from 'vue'
import { type Beat, readBeat, stutters } from '@/players/beat'
import { type Edge, type Health, judge, readEdge } from '@/players/health'
import { takeStill } from '@/players/still'
import { api } from './session'

const LOOK_MS = 3_000
const STILL_EVERY_MS = 6_000

/** Stills are taken one after the other: a wall of shows must not decode them all at once. */
let line: Promise<unknown> = Promise.resolve()

/** A live show on the wall: its newest still and how its picture is doing. */
export function usePicture(program: string): { still: Ref<string>; health: Ref<Health>; edge: Ref<Edge | null>; beat: Ref<Beat | null> } {
  const still = ref('')
  const health = ref<Health>('waiting')
  const edge = ref<Edge | null>(null)
  const beat = ref<Beat | null>(null)
  let playlist = ''
  let expiresAt = 0
  let stillAt = 0
  let open = true
  let timer: ReturnType<typeof setTimeout> | undefined

  async function address(): Promise<string> {
    if (Date.now() < expiresAt - 60_000) return playlist
    const play = await api.play(program)
    playlist = play.hls_url
    expiresAt = play.expires_at
    return playlist
  }

  async function look(): Promise<void> {
    try {
      const url = await address()
      const signal = AbortSignal.timeout(LOOK_MS)
      const [response, told] = await Promise.all([fetch(url, { signal }), readBeat(url, signal)])
      beat.value = told
      if (response.status === 401 || response.status === 403) expiresAt = 0
      edge.value = response.ok ? readEdge(await response.text()) : null
      if (edge.value && Date.now() - stillAt > STILL_EVERY_MS) {
        stillAt = Date.now()
        line = line.then(async () => {
          const taken = open ? await takeStill(url).catch(() => null) : null
          if (taken) still.value = taken
        })
      }
    } catch {
      // No answer says nothing about the picture; the edge that is known grows old by itself.
    }
    const judged = judge(edge.value, Date.now())
    health.value = judged === 'good' && stutters(beat.value) ? 'stutter' : judged
  }

  async function watch(): Promise<void> {
    if (!document.hidden) await look()
    if (open) timer = setTimeout(watch, LOOK_MS)
  }

  onMounted(watch)
  onUnmounted(() => {
    open = false
    clearTimeout(timer)
  })
  return { still, health, edge, beat }
}
