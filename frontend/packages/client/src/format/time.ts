import type { Locale } from '../i18n'

const pad = (value: number): string => String(value).padStart(2, '0')

/** Milliseconds as `m:ss` or `h:mm:ss`, the way players show positions. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`
}

export interface Countdown {
  days: number
  hours: string
  minutes: string
  seconds: string
  over: boolean
}

/** What is left until a moment; never negative. Rounded up, so that 0 is shown only when it is over. */
export function countdown(leftMs: number): Countdown {
  const left = Math.max(0, Math.ceil(leftMs / 1000))
  return {
    days: Math.floor(left / 86_400),
    hours: pad(Math.floor((left % 86_400) / 3600)),
    minutes: pad(Math.floor((left % 3600) / 60)),
    seconds: pad(left % 60),
    over: left === 0,
  }
}

/** A crowd: exact below ten thousand, then 1.2万 or 12.3K. */
export function formatCount(count: number, locale: Locale): string {
  if (locale === 'zh-CN') {
    if (count < 10_000) return String(count)
    const unit = count < 100_000_000 ? 10_000 : 100_000_000
    return trimmed(count / unit) + (unit === 10_000 ? '万' : '亿')
  }
  if (count < 10_000) return String(count)
  return count < 1_000_000 ? `${trimmed(count / 1000)}K` : `${trimmed(count / 1_000_000)}M`
}

const trimmed = (value: number): string => (Math.floor(value * 10) / 10).toFixed(1).replace(/\.0$/, '')

/** A moment for a person: today 20:00, tomorrow 20:00, 11月24日 20:00. Local zone. */
export function formatMoment(atMs: number, nowMs: number, locale: Locale): string {
  const at = new Date(atMs)
  const clock = `${pad(at.getHours())}:${pad(at.getMinutes())}`
  const days = Math.round((startOfDay(at) - startOfDay(new Date(nowMs))) / 86_400_000)
  const near = NEAR[locale][days]
  if (near !== undefined) return `${near} ${clock}`
  if (locale === 'zh-CN') return `${at.getMonth() + 1}月${at.getDate()}日 ${clock}`
  return `${at.toLocaleString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`
}

const NEAR: Record<Locale, Record<number, string>> = {
  'zh-CN': { [-1]: '昨天', 0: '今天', 1: '明天' },
  en: { [-1]: 'Yesterday', 0: 'Today', 1: 'Tomorrow' },
}

const startOfDay = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
