import type { RainView } from '../room/frames'

/** Where a rain stands: announced, in its last three seconds before the start, falling, or over not long ago. */
export type RainPhase = 'none' | 'coming' | 'counting' | 'falling' | 'over'

export const COUNTED_MS = 3_000
/** So long its result is offered to those who were away. */
export const REMEMBERED_MS = 180_000

/** `now` is the server's clock: everybody counts down to the same moment. */
export function rainPhase(rain: RainView | null, now: number): RainPhase {
  if (!rain || now >= rain.ends_at + REMEMBERED_MS) return 'none'
  if (rain.settled || now >= rain.ends_at) return 'over'
  if (now >= rain.starts_at) return 'falling'
  return now >= rain.starts_at - COUNTED_MS ? 'counting' : 'coming'
}

/** Milliseconds until what is shown of a rain changes: the next second of a count-down, or the end of the last phase. */
export function nextTick(rain: RainView, now: number): number | null {
  const phase = rainPhase(rain, now)
  if (phase === 'none') return null
  if (phase === 'over') return rain.ends_at + REMEMBERED_MS - now
  const left = (phase === 'falling' ? rain.ends_at : rain.starts_at) - now
  return left % 1_000 || 1_000
}

/** Whole seconds to say: 3 from three seconds before until two seconds before. */
export const secondsUntil = (moment: number, now: number): number => Math.max(0, Math.ceil((moment - now) / 1_000))
