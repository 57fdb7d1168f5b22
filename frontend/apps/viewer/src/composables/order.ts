import { actsOf, isMoving, type Order, type OrderAct, stateOf } from '@kaibo/client'
import { computed, onUnmounted, ref, shallowRef } from 'vue'
import { openPayment, returnPath } from '@/platform/pay'
import { useNow } from './now'
import { account, api } from './session'
import { sayTrouble, type Trouble, troubleOf } from './trouble'

const LOOK_AGAIN_MS = 2_000

/** One order of mine: followed while something can still happen by itself; what its buyer can do. */
export function useOrder(id: () => string, page: () => string) {
  const order = shallowRef<Order | null>(null)
  const phase = ref<'loading' | 'ready' | Trouble>('loading')
  const busy = ref(false)
  const now = useNow()
  let timer: ReturnType<typeof setTimeout> | null = null
  let left = false

  const state = computed(() => (order.value ? stateOf(order.value, now.value) : null))
  const acts = computed(() => (order.value ? actsOf(order.value, now.value) : []))

  async function load(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    if (!account.value) return
    try {
      order.value = await api.order(id())
      phase.value = 'ready'
    } catch (error) {
      if (!order.value) phase.value = troubleOf(error)
    }
    if (!left && order.value && isMoving(order.value, Date.now())) timer = setTimeout(load, LOOK_AGAIN_MS)
  }

  async function act(wanted: OrderAct): Promise<void> {
    if (busy.value || !order.value) return
    busy.value = true
    try {
      if (wanted === 'pay') {
        const { url } = await api.payOrder(order.value.id, returnPath(page()))
        openPayment(url, order.value.id)
      } else {
        order.value = wanted === 'cancel' ? await api.cancelOrder(order.value.id) : await api.refundOrder(order.value.id)
      }
    } catch (error) {
      sayTrouble(error)
    } finally {
      busy.value = false
      void load()
    }
  }

  onUnmounted(() => {
    left = true
    if (timer !== null) clearTimeout(timer)
  })
  return { order, phase, busy, state, acts, load, act }
}
