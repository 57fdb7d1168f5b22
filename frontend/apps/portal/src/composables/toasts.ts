import { ref } from 'vue'
import { troubleOf } from './trouble'

export interface Toast {
  id: number
  text: string
  bad: boolean
}

const STAYS_MS = 4_000
const MOST = 3

export const toasts = ref<Toast[]>([])
let last = 0

export function say(text: string, bad = false): void {
  const id = ++last
  toasts.value = [...toasts.value, { id, text, bad }].slice(-MOST)
  setTimeout(() => (toasts.value = toasts.value.filter((toast) => toast.id !== id)), STAYS_MS)
}

export function sayTrouble(error: unknown): void {
  const { title, advice } = troubleOf(error)
  say(advice ? `${title} ${advice}` : title, true)
}
