/** Whether a network carries a show, before it begins. */
export interface NetworkVerdict {
  /** `fair`: the picture will be softer; `narrow`: too little goes up; `far`: answers take too long. */
  health: 'good' | 'fair' | 'narrow' | 'far'
  /** What goes up, Mbit/s with one digit; above the last that matters, that one. */
  mbit: number
}

const PICTURE_KBPS = 2_500
const LEAST_KBPS = 1_000
const FAR_MS = 800
const MOST_SHOWN_MBIT = 50

/** `bytes` went up in `tookMs`, of which one round trip was waiting. */
export function judgeNetwork(bytes: number, tookMs: number, roundTripMs: number): NetworkVerdict {
  const kbps = (bytes * 8) / Math.max(1, tookMs - roundTripMs)
  const mbit = Math.min(MOST_SHOWN_MBIT, Math.round(kbps / 100) / 10)
  if (kbps < LEAST_KBPS) return { health: 'narrow', mbit }
  if (roundTripMs > FAR_MS) return { health: 'far', mbit }
  return { health: kbps < PICTURE_KBPS ? 'fair' : 'good', mbit }
}
