import { type ChatLine, NO_ROOM, RoomClient, type RoomSnapshot } from '@kaibo/client'
import { computed, onUnmounted, shallowRef } from 'vue'
import { locale } from '@/i18n'
import { api } from './session'

/** A room seen over the anchor's shoulder: staff who look on are not counted as viewers. */
export function useRoom(program: string) {
  const snapshot = shallowRef<RoomSnapshot>(NO_ROOM)
  let client: RoomClient | null = null
  let left = false

  /** Joins once; a room that can't be joined is left out of the screen, which shows the rest. */
  async function enter(): Promise<void> {
    if (client) return
    let address: string
    try {
      address = (await api.config()).room_url
    } catch {
      return
    }
    if (left || client) return
    client = new RoomClient({
      url: address,
      lang: locale.value,
      keepLines: 200,
      ticket: async (me) => (await api.ticket(program, me)).ticket,
      onChange: (next) => (snapshot.value = next),
    })
    client.start()
  }

  function leave(): void {
    client?.stop()
    client = null
    snapshot.value = NO_ROOM
  }

  onUnmounted(() => {
    left = true
    client?.stop()
  })

  const joined = computed(() => snapshot.value.link === 'online' || snapshot.value.link === 'reconnecting')
  const view = computed(() => snapshot.value.view)
  const lines = computed<readonly ChatLine[]>(() => snapshot.value.lines)
  return { joined, view, lines, link: computed(() => snapshot.value.link), enter, leave }
}
