import { type Command, countdown, formatDuration, type Program } from '@kaibo/client'
import { computed, ref } from 'vue'
import { useNow } from './now'
import type { useRoom } from './room'
import { api } from './session'
import { sayTrouble } from './trouble'

/** What a clerk does and reads on air, whatever the picture comes from: the desk's clock, its commands, the end. */
export function useDesk(program: () => Program, room: ReturnType<typeof useRoom>, ended: () => void) {
  const now = useNow()
  const busy = ref(false)
  const ending = ref(false)
  const { view } = room

  const serverNow = computed(() => now.value + room.clockOffset())
  const since = (at: number | null): number => (at ? Math.max(0, serverNow.value - at) : 0)
  const onAirFor = computed(() => formatDuration(since(view.value.went_live_at ?? program().went_live_at)))
  const pinnedForMs = computed(() => since(view.value.pinned_at))
  const graceLeft = computed(() => {
    const { minutes, seconds } = countdown((view.value.grace_until ?? 0) - serverNow.value)
    return `${minutes}:${seconds}`
  })

  async function command(next: Command): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      await room.send(next)
    } catch (error) {
      sayTrouble(error)
    } finally {
      busy.value = false
    }
  }

  const say = (text: string): Promise<number> => room.send({ type: 'chat', text })
  const pin = (offer: { id: string }): Promise<void> => command({ type: 'pin', offer: offer.id })
  const unpin = (offer: { id: string }): Promise<void> => command({ type: 'unpin', offer: offer.id })

  async function end(): Promise<void> {
    ending.value = true
    try {
      await api.endProgram(program().id)
      ended()
    } catch (error) {
      ending.value = false
      sayTrouble(error)
    }
  }

  return { busy, ending, onAirFor, pinnedForMs, graceLeft, say, pin, unpin, end }
}
