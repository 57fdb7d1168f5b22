import {
  allSoldOut,
  faultsOf,
  firstPick,
  isProblem,
  type Money,
  mostOf,
  type Offer,
  type OfferStock,
  type Order,
  OrderDesk,
  outcomeUnknown,
  pick,
  plus,
  priceChangeOf,
  type ProductChoice,
  restoreForm,
  shortageOf,
  skuPicked,
  type StorePlace,
  toAddress,
  toOrder,
  type UnitsLeft,
  unitsCounted,
  unitsLeft,
  withAddress,
} from '@kaibo/client'
import { computed, ref, shallowRef, watch } from 'vue'
import { openPayment, returnPath } from '@/platform/pay'
import { addresses, loadAddresses, rememberAddress } from './addresses'
import { fieldsFor, knowsForms, loadForms } from './deliveryForms'
import { account, api } from './session'
import { t } from './text'

const STORED = 'kaibo.delivery'

const same = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency

/** What became of a tap on the order's button; `unpaid` is an order whose payment page could not be opened. */
export type Submitted = { to: 'sign_in' | 'stay' } | { to: 'pay' | 'unpaid'; order: Order }

/**
 * Buying one offer of a room: the draft of the order, which lives as long as the room and so outlives its sheet, a login
 * and a session that ends in the middle. `stock` is what the room counts, by offer.
 */
export function useBuying(program: () => string, offers: () => readonly Offer[], stock: () => Readonly<Record<string, OfferStock>>) {
  const desk = new OrderDesk(api.placeOrder)
  const chosen = shallowRef<Offer | null>(null)
  const choice = shallowRef<ProductChoice | null>(null)
  const choiceFailed = ref(false)
  const picked = ref<string[]>([])
  const stores = shallowRef<StorePlace[]>([])
  const quantity = ref(1)
  const note = ref('')
  const form = ref(restoreForm(uni.getStorageSync(STORED) as string))
  const busy = ref(false)
  const tried = ref(false)
  const problem = ref('')
  /** Units by SKU the server said are left when it refused; forgotten when the room counts on. */
  const corrected = ref<Record<string, number>>({})
  const agreed = shallowRef<Money | null>(null)
  const told = shallowRef<Money | null>(null)
  let asked = 0

  const offer = computed(() => offers().find(({ id }) => id === chosen.value?.id) ?? chosen.value)
  const counted = computed(() => (offer.value ? stock()[offer.value.id] : undefined))
  const known = computed<UnitsLeft>(() => ({ ...(choice.value ? unitsCounted(choice.value, counted.value) : {}), ...corrected.value }))
  const sku = computed(() => (choice.value ? skuPicked(choice.value, picked.value) : null))
  const surcharge = computed(() => sku.value?.surcharge ?? 0)
  /** The price that holds: what the server told last, or what the shelf says with what the variant costs more. */
  const price = computed(() => told.value ?? (offer.value ? plus(offer.value.price, surcharge.value) : null))
  const listPrice = computed(() => (offer.value?.list_price ? plus(offer.value.list_price, surcharge.value) : null))
  const picture = computed(() => sku.value?.picture || offer.value?.picture || '')
  const change = computed(() =>
    agreed.value && price.value && !same(agreed.value, price.value) ? { seen: agreed.value, now: price.value } : null,
  )
  const units = computed(() => (sku.value ? unitsLeft(sku.value, known.value) : null))
  const most = computed(() => (offer.value ? mostOf(offer.value, units.value) : 0))
  const soldOut = computed(() => choice.value !== null && allSoldOut(choice.value, known.value))
  const faults = computed(() => (tried.value ? faultsOf(form.value, fieldsFor(form.value.kind)) : []))

  function choose(next: Offer): void {
    if (next.id !== chosen.value?.id) {
      quantity.value = 1
      note.value = ''
      choice.value = null
      picked.value = []
    }
    chosen.value = next
    agreed.value = plus(next.price, surcharge.value)
    look()
  }

  /** Looks again at what may have changed since the last refusal. */
  function look(): void {
    if (!offer.value) return
    corrected.value = {}
    told.value = null
    problem.value = ''
    tried.value = false
    void loadChoice()
    void loadStores()
    void loadForms()
    void fillAddress()
  }

  async function loadChoice(): Promise<void> {
    const product = offer.value?.product
    if (!product) return
    const mine = ++asked
    choiceFailed.value = false
    try {
      const fresh = await api.choice(program(), product)
      if (mine !== asked) return
      const first = choice.value?.product !== product
      choice.value = fresh
      if (first || !skuPicked(fresh, picked.value)) repick(firstPick(fresh, known.value))
    } catch {
      if (mine === asked) choiceFailed.value = true
    }
  }

  async function loadStores(): Promise<void> {
    try {
      stores.value = (await api.stores(program())).items
    } catch {
      return // Parcels can be ordered all the same.
    }
    const stands = stores.value.some(({ id }) => id === form.value.store)
    const only = stores.value.length === 1 ? (stores.value[0]?.id ?? '') : ''
    if (!stands) form.value = { ...form.value, store: only }
    if (!stores.value.length && form.value.kind === 'pick_up') form.value = { ...form.value, kind: 'courier' }
  }

  /** What stands in the form is kept; an empty one begins with the usual address. */
  async function fillAddress(): Promise<void> {
    await loadAddresses()
    const usual = addresses.value[0]
    if (usual && !form.value.name && !form.value.street) form.value = withAddress(form.value, usual.address)
  }

  /** Another variant: its price is the one she sees now, but a change of the live price stays told. */
  function repick(next: string[]): void {
    const before = surcharge.value
    told.value = null
    picked.value = next
    if (agreed.value) agreed.value = plus(agreed.value, surcharge.value - before)
    quantity.value = Math.max(1, Math.min(quantity.value, most.value))
  }

  function pickValue(place: number, value: string): void {
    if (!choice.value) return
    problem.value = ''
    repick(pick(choice.value, picked.value, place, value, known.value))
  }

  async function submit(): Promise<Submitted> {
    if (busy.value || !offer.value || !price.value || soldOut.value) return { to: 'stay' }
    tried.value = true
    if (!account.value) return { to: 'sign_in' }
    if (!sku.value || units.value === 0 || !knowsForms.value || faults.value.length) return { to: 'stay' }
    busy.value = true
    problem.value = ''
    agreed.value = price.value
    try {
      const order = toOrder(program(), offer.value, sku.value.id, price.value, quantity.value, form.value, note.value)
      const placed = await desk.place(order)
      uni.setStorageSync(STORED, JSON.stringify(form.value))
      if (form.value.kind === 'courier') rememberAddress(toAddress(form.value))
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
    if (changed) {
      told.value = changed.now
      void loadChoice()
    } else if (shortage !== null && sku.value) {
      corrected.value = { ...corrected.value, [sku.value.id]: shortage }
      quantity.value = Math.max(1, Math.min(quantity.value, shortage))
      if (shortage) problem.value = t('shop.short', { n: shortage })
      else if (!soldOut.value) problem.value = t('shop.sku.gone', { title: sku.value.title })
    } else if (isProblem(error, 'sku_retired') || isProblem(error, 'sku_unknown')) {
      problem.value = t('shop.sku.retired')
      void loadChoice()
    } else if (isProblem(error, 'store_closed') || isProblem(error, 'store_unknown')) {
      problem.value = t('shop.store.closed')
      void loadStores()
    } else problem.value = outcomeUnknown(error) ? t('shop.unknown') : (error as Error).message
    return { to: 'stay' }
  }

  watch(account, (now) => {
    if (!now) return
    problem.value = ''
    if (!chosen.value) return
    void fillAddress()
    if (!choiceFailed.value) return // What an ended session was refused is there for the new one.
    void loadChoice()
    void loadStores()
  })
  watch(counted, () => (corrected.value = {}))

  return {
    offer, choice, choiceFailed, picked, sku, known, stores, price, listPrice, picture, change, quantity, most, units, soldOut, note, form, faults,
    busy, problem, choose, look, loadChoice, pickValue, submit,
  }
}

export type Buying = ReturnType<typeof useBuying>
