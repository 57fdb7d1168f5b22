import { type GrabOutcome, Grabber, nextTick, type Packet, rainPhase, secondsUntil } from '@kaibo/client'
import { computed, onUnmounted, ref, watch } from 'vue'
import { remember } from './credits'
import type { useRoom } from './room'
import { account } from './session'

/** What of a rain is on the whole screen; `none` leaves the badge alone. */
export type RainStage = 'none' | 'info' | 'counting' | 'falling' | 'result'

/**
 * The red-envelope rain of a room, as one person sees it. All of it follows from the room's view, from what is one's own
 * and from the clock, so that it is the same after a reload; only the answer to a tap is kept here.
 */
export function useRain(room: ReturnType<typeof useRoom>, business: () => string) {
  const grabber = new Grabber(room.ask)
  const now = ref(room.serverNow())
  const rain = computed(() => room.view.value.rain)
  const envelope = computed(() => rain.value?.envelope ?? '')
  const phase = computed(() => rainPhase(rain.value, now.value))

  const grabbing = ref('')
  const answers = ref<Record<string, GrabOutcome>>({})
  /** The rain this page was there for: what came of it stays until it is put away. */
  const seen = ref('')
  /** The rain whose screen was put away, and the one whose card was asked for. */
  const hidden = ref('')
  const asked = ref('')

  const packet = computed<Packet | null>(() => room.snapshot.value.mine.red_envelope?.[envelope.value] ?? null)
  const outcome = computed<GrabOutcome | null>(() => {
    if (packet.value) return { won: packet.value }
    return answers.value[envelope.value] ?? (phase.value === 'over' ? { missed: 'over' } : null)
  })
  const opening = computed(() => grabbing.value === envelope.value && !outcome.value)

  const stage = computed<RainStage>(() => {
    if (!room.joined.value || phase.value === 'none') return 'none'
    if (asked.value === envelope.value) return phase.value === 'coming' ? 'info' : 'result'
    if (hidden.value === envelope.value || phase.value === 'coming') return 'none'
    if (phase.value === 'counting') return 'counting'
    if (phase.value === 'falling' && !outcome.value) return 'falling'
    return phase.value === 'falling' || seen.value === envelope.value ? 'result' : 'none'
  })
  watch(stage, (next) => {
    if (next !== 'none' && next !== 'info') seen.value = envelope.value
  })
  watch(phase, (next, before) => {
    if (next !== before && asked.value === envelope.value && (next === 'counting' || next === 'falling')) asked.value = ''
  })

  let timer: ReturnType<typeof setTimeout> | null = null
  function tick(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    now.value = room.serverNow()
    const wait = rain.value && nextTick(rain.value, now.value)
    if (wait !== null) timer = setTimeout(tick, wait)
  }
  watch(rain, tick, { immediate: true })
  onUnmounted(() => {
    if (timer !== null) clearTimeout(timer)
  })

  watch(packet, (own) => {
    if (!own || !rain.value || !account.value) return
    remember({ envelope: envelope.value, account: account.value.id, business: business(), amount: own.amount, at: Date.now() })
  })

  /** Every tap may call this: the first one asks. */
  async function grab(): Promise<void> {
    const wanted = envelope.value
    if (phase.value !== 'falling' || outcome.value || grabbing.value === wanted) return
    grabbing.value = wanted
    const answer = await grabber.grab(wanted)
    if (grabbing.value === wanted) grabbing.value = ''
    const lost = 'missed' in answer && answer.missed === 'unknown'
    if (!lost) answers.value = { ...answers.value, [wanted]: answer }
  }

  /** Somebody who was a guest may ask again. */
  watch(account, () => {
    answers.value = {}
    hidden.value = ''
  })

  /** Before it falls only the card is put away: the rain itself still comes. */
  function hide(): void {
    if (phase.value !== 'coming') hidden.value = envelope.value
    asked.value = ''
  }
  function show(): void {
    hidden.value = ''
    const toPlay = phase.value === 'counting' || (phase.value === 'falling' && !outcome.value)
    if (!toPlay) asked.value = envelope.value
  }

  const secondsToStart = computed(() => secondsUntil(rain.value?.starts_at ?? 0, now.value))
  const secondsLeft = computed(() => secondsUntil(rain.value?.ends_at ?? 0, now.value))
  return { rain, phase, stage, packet, outcome, opening, secondsToStart, secondsLeft, grab, hide, show }
}

export type Rain = ReturnType<typeof useRain>
