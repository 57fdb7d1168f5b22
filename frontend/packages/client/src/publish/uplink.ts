/** What the browser's sender has counted so far, from `getStats`. */
export interface UplinkCounts {
  /** When it was read, ms. */
  at: number
  bytes: number
  frames: number
  /** Frames that the camera gave, null where the browser doesn't say. */
  captured: number | null
  /** Share of packets lost on the way, 0 to 1, as the server reports it. */
  loss: number
  roundTripMs: number
  limitedBy: 'none' | 'cpu' | 'bandwidth' | 'other'
}

export interface Uplink {
  kbps: number
  fps: number
  /** `stalled`: nothing goes out; `weak`: the network is short; `busy`: the phone is; else `good`. */
  health: 'good' | 'weak' | 'busy' | 'stalled'
  /** The camera gives no picture any more, though it says that it runs. */
  frozen: boolean
}

const MUCH_LOSS = 0.05
const LONG_WAY_MS = 500
const LOW_KBPS = 700
const LOW_FPS = 15

/** How the uplink did between two counts. Little to send is not weak: a still picture needs few bits. */
export function judgeUplink(before: UplinkCounts, now: UplinkCounts): Uplink {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000)
  const kbps = Math.round(Math.max(0, now.bytes - before.bytes) / 125 / seconds)
  const fps = Math.round(Math.max(0, now.frames - before.frames) / seconds)
  const short = now.limitedBy === 'bandwidth' && kbps < LOW_KBPS
  const frozen = now.captured !== null && now.captured === before.captured
  if (kbps === 0) return { kbps, fps, frozen, health: 'stalled' }
  if (short || now.loss > MUCH_LOSS || now.roundTripMs > LONG_WAY_MS) return { kbps, fps, frozen, health: 'weak' }
  return { kbps, fps, frozen, health: now.limitedBy === 'cpu' && fps < LOW_FPS ? 'busy' : 'good' }
}
