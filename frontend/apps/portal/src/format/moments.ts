import { formatMoment } from '@kaibo/client'
import { locale } from '@/i18n'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const pad = (value: number): string => String(value).padStart(2, '0')

/** A moment in the reader's zone: today 20:00, 24 Nov 20:00. */
export const moment = (atMs: number): string => formatMoment(atMs, Date.now(), locale.value)

/** The time of day, 24 hours, in the reader's zone. */
export function clock(atMs: number): string {
  const at = new Date(atMs)
  return `${pad(at.getHours())}:${pad(at.getMinutes())}`
}

export const weekday = (atMs: number): string => new Date(atMs).toLocaleDateString(locale.value, { weekday: 'short' })

export const monthDay = (atMs: number): string =>
  new Date(atMs).toLocaleDateString(locale.value === 'en' ? 'en-GB' : 'zh-CN', { month: locale.value === 'en' ? 'short' : 'numeric', day: 'numeric' })

/** A whole date, for what lies years ahead. */
export const wholeDay = (atMs: number): string =>
  new Date(atMs).toLocaleDateString(locale.value, { year: 'numeric', month: 'long', day: 'numeric' })

export const wholeMinutes = (ms: number): number => Math.max(0, Math.floor(ms / MINUTE_MS))

export function startOfDay(atMs: number): number {
  const at = new Date(atMs)
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

/** Monday 0:00 of the week of a moment. Days are counted by the calendar, not by 24 hours: clocks change. */
export function startOfWeek(atMs: number): number {
  const at = new Date(atMs)
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() - ((at.getDay() + 6) % 7)).getTime()
}

export function addDays(atMs: number, days: number): number {
  const at = new Date(atMs)
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days, at.getHours(), at.getMinutes()).getTime()
}

export const sameDay = (one: number, other: number): boolean => startOfDay(one) === startOfDay(other)

export function startOfMonth(atMs: number): number {
  const at = new Date(atMs)
  return new Date(at.getFullYear(), at.getMonth(), 1).getTime()
}

export function addMonths(atMs: number, months: number): number {
  const at = new Date(atMs)
  return new Date(at.getFullYear(), at.getMonth() + months, at.getDate()).getTime()
}

export const monthYear = (atMs: number): string => new Date(atMs).toLocaleDateString(locale.value === 'en' ? 'en-GB' : 'zh-CN', { year: 'numeric', month: 'long' })

/** The day as an address has it: 2026-11-22. */
export function isoDay(atMs: number): string {
  const at = new Date(atMs)
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}

/** The next full hour that leaves time to get ready. */
export const nextHour = (nowMs: number): number => Math.ceil((nowMs + 5 * MINUTE_MS) / (60 * MINUTE_MS)) * 60 * MINUTE_MS

const PRIME_TIME_MS = 20 * 60 * MINUTE_MS

/** When a show on a day would begin: eight in the evening, or the next full hour when that is over. */
export const firstChoice = (day: number): number => Math.max(day + PRIME_TIME_MS, nextHour(Date.now()))

export const isPastDay = (day: number): boolean => day < startOfDay(Date.now())

export { DAY_MS, MINUTE_MS }
