import {
  faultsOf,
  isProblem,
  type Money,
  mostOf,
  type Offer,
  type Order,
  OrderDesk,
  outcomeUnknown,
  priceChangeOf,
  restoreForm,
  shortageOf,
  toOrder,
} from '@kaibo/client'
import { computed, ref, shallowRef, watch } from 'vue'
import { openPayment, returnPath } from '@/platform/pay'
import { account, api } from './session'
import { t } from './text'

const STORED = 'kaibo.delivery'

const same = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency

/** What became of a tap on the order's button; `unpaid` is an order whose payment page could not be opened. */
export type Submitted = { to: 'sign_in' | 'stay' } | { to: 'pay' | 'unpaid'; order: Order }

/**
 * Buying one offer of a room: the draft of the order, which lives as long as the room and so outlives its sheet, a login
 * and a session that ends in the middle.
 */
export function useBuying(program: () => string, offers: () => readonly Offer[]) {
  const desk = new OrderDesk(api.placeOrder)
  const chosen = shallowRef<Offer | null>(null)
  const quantity = ref(1)
  const note = ref('')
  const form = ref(restoreForm(uni.getStorageSync(STORED) as string))
  const busy = ref(false)
  const tried = ref(false)
  const problem = ref('')
  /** Units the server said are left, by product; forgotten when the product is looked at again. */
  const left = ref<Record<string, number>>({})
  const agreed = shallowRef<Money | null>(null)
  const told = shallowRef<Money | null>(null)

  const offer = computed(() => offers().find(({ id }) => id === chosen.value?.id) ?? chosen.value)
  /** The price that holds: what the server told last, or what the shelf says. */
  const price = computed(() => told.value ?? offer.value?.price ?? null)
  const change = computed(() =>
    agreed.value && price.value && !same(agreed.value, price.value) ? { seen: agreed.value, now: price.value } : null,
  )
  const units = computed(() => (offer.value ? (left.value[offer.value.product] ?? null) : null))
  const most = computed(() => (offer.value ? mostOf(offer.value, units.value) : 0))
  const soldOut = computed(() => units.value === 0)
  const faults = computed(() => (tried.value ? faultsOf(form.value) : []))

  function choose(next: Offer): void {
    if (next.id !== chosen.value?.id) {
      quantity.value = 1
      note.value = ''
    }
    chosen.value = next
    agreed.value = next.price
    look()
  }

  /** Looks again at what may have changed since the last refusal. */
  function look(): void {
    if (!offer.value) return
    const { [offer.value.product]: _forgotten, ...others } = left.value
    left.value = others
    told.value = null
    problem.value = ''
    tried.value = false
  }

  async function submit(): Promise<Submitted> {
    if (busy.value || !offer.value || !price.value || soldOut.value) return { to: 'stay' }
    tried.value = true
    if (!account.value) return { to: 'sign_in' }
    if (faults.value.length) return { to: 'stay' }
    busy.value = true
    problem.value = ''
    agreed.value = price.value
    try {
      const order = toOrder(program(), offer.value, price.value, quantity.value, form.value, note.value)
      const placed = await desk.place(order)
      uni.setStorageSync(STORED, JSON.stringify(form.value))
      note.value = ''
      return await pay(placed)
    } catch (error) {
      return refused(error)
    } finally {
      busy.value = false
    }
  }

  async function pay(order: Order): Promise<Submitted> {
    try {
      const { url } = await api.payOrder(order.id, returnPath(`/pages/room/room?id=${program()}&order=${order.id}`))
      openPayment(url, order.id)
      return { to: 'pay', order }
    } catch {
      return { to: 'unpaid', order }
    }
  }

  function refused(error: unknown): Submitted {
    if (isProblem(error) && error.status === 401) {
      problem.value = t('shop.session_over')
      return { to: 'sign_in' }
    }
    const changed = priceChangeOf(error)
    const shortage = shortageOf(error)
    if (changed) told.value = changed.now
    else if (shortage !== null && offer.value) {
      left.value = { ...left.value, [offer.value.product]: shortage }
      quantity.value = Math.max(1, Math.min(quantity.value, shortage))
      if (shortage) problem.value = t('shop.short', { n: shortage })
    } else problem.value = outcomeUnknown(error) ? t('shop.unknown') : (error as Error).message
    return { to: 'stay' }
  }

  watch(account, (now) => {
    if (now) problem.value = ''
  })

  return { offer, price, change, quantity, most, units, soldOut, note, form, faults, busy, problem, left, choose, look, submit }
}

export type Buying = ReturnType<typeof useBuying>
