import { ref } from 'vue'
import { troubleOf } from './trouble'

export interface Toast {
  id: number
  text: string
  bad: boolean
  /** What can be done about it while it is shown. */
  offer?: Offer
}

export interface Offer {
  text: string
  act: () => unknown
}

const STAYS_MS = 4_000
const OFFER_STAYS_MS = 12_000
const MOST = 3

export const toasts = ref<Toast[]>([])
let last = 0

export function say(text: string, bad = false, offer?: Offer): void {
  const id = ++last
  toasts.value = [...toasts.value, { id, text, bad, offer }].slice(-MOST)
  setTimeout(() => drop(id), offer ? OFFER_STAYS_MS : STAYS_MS)
}

const drop = (id: number): void => void (toasts.value = toasts.value.filter((toast) => toast.id !== id))

/** Takes up what the newest toast offers; false when none offers anything. */
export function takeOffer(toast: Toast | undefined = toasts.value.findLast(({ offer }) => offer)): boolean {
  if (!toast?.offer) return false
  drop(toast.id)
  toast.offer.act()
  return true
}

export function sayTrouble(error: unknown): void {
  const { title, advice } = troubleOf(error)
  say(advice ? `${title} ${advice}` : title, true)
}
