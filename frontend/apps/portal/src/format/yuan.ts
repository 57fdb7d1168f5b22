import type { Money } from '@kaibo/client'

const MOST_FEN = 10_000_000_000

/** What a person typed as an amount in yuan, as fen; null when it is none. No rounding: 9.999 is refused. */
export function readYuan(text: string): Money | null {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim().replaceAll(',', ''))
  if (!match) return null
  const amount = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return amount <= MOST_FEN ? { amount, currency: 'CNY' } : null
}

export const writeYuan = (money: Money | null | undefined): string =>
  money ? (money.amount % 100 ? (money.amount / 100).toFixed(2) : String(money.amount / 100)) : ''
