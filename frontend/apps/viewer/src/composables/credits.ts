import { type Credit, keepCredit, missingCredits, readCredits, type WalletEntry } from '@kaibo/client'

const STORED = 'kaibo.credits'

const kept = (): Credit[] => readCredits(uni.getStorageSync(STORED) as string)

/** Remembers a packet from the moment the room gave it, so that the wallet has it at once. */
export const remember = (credit: Credit): void => uni.setStorageSync(STORED, JSON.stringify(keepCredit(kept(), credit)))

/** The packets of an account that the wallet does not show yet. */
export const onTheirWay = (account: string, entries: readonly WalletEntry[]): Credit[] => missingCredits(kept(), account, entries, Date.now())
