import type { WalletEntry } from '../api/types'

/** A packet the room gave out and the wallet may not show yet: it gets there about a second later. */
export interface Credit {
  envelope: string
  account: string
  business: string
  amount: number
  at: number
}

/** A wallet that still lacks a packet after this long has its reasons: nothing is claimed any more. */
export const CLAIMED_MS = 600_000
const KEPT = 10

export const keepCredit = (kept: readonly Credit[], credit: Credit): Credit[] =>
  [credit, ...kept.filter(({ envelope, account }) => envelope !== credit.envelope || account !== credit.account)].slice(0, KEPT)

/** Those of an account that the wallet's lines do not have, newest first. */
export const missingCredits = (kept: readonly Credit[], account: string, entries: readonly WalletEntry[], now: number): Credit[] =>
  kept.filter(
    (credit) =>
      credit.account === account &&
      now - credit.at < CLAIMED_MS &&
      !entries.some(({ kind, envelope }) => kind === 'win' && envelope === credit.envelope),
  )

export function readCredits(stored: string): Credit[] {
  if (!stored) return []
  try {
    const read: unknown = JSON.parse(stored)
    return Array.isArray(read) ? (read as Credit[]) : []
  } catch {
    return []
  }
}
