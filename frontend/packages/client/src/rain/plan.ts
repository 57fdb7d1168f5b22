/** A rain as the clerk's desk plans it; amounts in minor units, times in seconds. */
export interface RainPlan {
  total: number
  packets: number
  startsIn: number
  lasts: number
}

/** The room's own limits. */
export const MOST_TOTAL = 10_000_000
export const MOST_PACKETS = 10_000
export const PLANNED: RainPlan = { total: 8_800, packets: 50, startsIn: 10, lasts: 15 }
export const STARTS_IN = [5, 10, 30, 60] as const
export const LASTS = [10, 15, 30, 60] as const

export type PlanFault = 'total' | 'packets' | 'thin' | 'budget'

/** What keeps a rain from being asked for, or null. `thin`: less than a fen for each packet. */
export function faultOf({ total, packets }: RainPlan, budget: number | null): PlanFault | null {
  if (!(total >= 1 && total <= MOST_TOTAL)) return 'total'
  if (!(Number.isInteger(packets) && packets >= 1 && packets <= MOST_PACKETS)) return 'packets'
  if (packets > total) return 'thin'
  return budget !== null && total > budget ? 'budget' : null
}

/** What a person typed as yuan, in fen; NaN when it is not an amount. */
export function toFen(typed: string): number {
  const text = typed.trim()
  if (!/^\d{1,6}(\.\d{0,2})?$/.test(text)) return NaN
  return Math.round(Number(text) * 100)
}

export const toYuan = (fen: number): string => (fen % 100 ? (fen / 100).toFixed(2) : String(fen / 100))
