const STORED = 'kaibo.publish'

export interface LeftOver {
  program: string
  /** Of a WHIP session; empty where the uplink has none. */
  address: string
}

/** The publish this phone had when its page was closed or loaded anew, in the middle of a show. */
export function leftOver(): LeftOver | null {
  const stored = uni.getStorageSync(STORED) as string
  return stored ? (JSON.parse(stored) as LeftOver) : null
}

export function keepLeftOver(next: LeftOver | null): void {
  if (next) uni.setStorageSync(STORED, JSON.stringify(next))
  else uni.removeStorageSync(STORED)
}
