import { type Answer, type ChatLine, type Command, LikeBatch, type Offer, NO_ROOM, randomId, RoomClient, type RoomSnapshot } from '@kaibo/client'
import { computed, onUnmounted, ref, shallowRef, watch } from 'vue'
import { onWake } from '@/platform/page'
import { uniSocket } from '@/platform/socket'
import { config } from './config'
import { account, api } from './session'
import { locale } from './text'

const VISITOR = 'kaibo.visitor'

/** This device, made once and kept. */
function visitor(): string {
  const kept = uni.getStorageSync(VISITOR) as string
  if (kept) return kept
  const made = randomId()
  uni.setStorageSync(VISITOR, made)
  return made
}

/** A program's room on air. Joins when `enter` is called, again as oneself after signing in, leaves with the page. */
export function useRoom() {
  const snapshot = shallowRef<RoomSnapshot>(NO_ROOM)
  const joined = ref(false)
  let client: RoomClient | null = null
  let program = ''

  const view = computed(() => snapshot.value.view)
  const lines = computed<readonly ChatLine[]>(() => snapshot.value.lines)
  const pinned = computed<Offer | null>(() => view.value.offers.find(({ id }) => id === view.value.pinned) ?? null)

  async function enter(id: string): Promise<void> {
    program = id
    const { room_url } = await config()
    const before = client
    const next = new RoomClient({
      url: room_url,
      open: uniSocket,
      lang: locale.value,
      ticket: async (me) => (await api.ticket(id, me, visitor())).ticket,
      onChange: (now) => {
        if (next === client) show(now)
      },
    })
    client = next
    before?.stop()
    next.start()
  }

  /** Joining again (as somebody else) keeps the room on screen until the new view is here. */
  function show(next: RoomSnapshot): void {
    const again = next.link === 'connecting' && joined.value
    snapshot.value = again ? { ...snapshot.value, link: 'reconnecting' } : next
    joined.value ||= next.link === 'online'
  }

  const send = (command: Command): Promise<number> => client?.send(command) ?? Promise.reject(new Error('not joined'))
  const ask = (command: Command): Promise<Answer> => client?.ask(command) ?? Promise.reject(new Error('not joined'))

  /** Own likes the room has not counted yet: shown at once, taken back when refused. */
  const uncounted = ref(0)
  const likes = new LikeBatch((count) => {
    send({ type: 'like', count }).catch(() => (uncounted.value = Math.max(0, uncounted.value - count)))
  })
  function like(): void {
    uncounted.value += 1
    likes.tap()
  }
  watch(
    () => view.value.likes,
    (now, before) => (uncounted.value = Math.max(0, uncounted.value - Math.max(0, now - before))),
  )
  const serverNow = (): number => client?.clock.now() ?? Date.now()

  watch(account, () => {
    if (program) void enter(program)
  })
  const stopWaking = onWake(() => client?.wake())
  onUnmounted(() => {
    likes.flush()
    stopWaking()
    client?.stop()
  })

  const clockOffset = (): number => client?.clock.offset ?? 0
  return { snapshot, joined, view, lines, pinned, uncounted, enter, send, ask, like, serverNow, clockOffset }
}
