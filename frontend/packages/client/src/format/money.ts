import type { Money } from '../api/types'

/** The parts of a price tag: small sign, large integer, small decimals. `decimals` is empty for whole amounts. */
export interface PriceParts {
  sign: string
  integer: string
  decimals: string
}

const SIGNS: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€' }

/** Splits minor units (fen) into what a price tag shows; trailing zeros go: 199.00 -> 199, 9.90 -> 9.9. */
export function priceParts({ amount, currency }: Money): PriceParts {
  const minor = Math.abs(Math.trunc(amount))
  const fraction = String(minor % 100).padStart(2, '0').replace(/0+$/, '')
  return {
    sign: (amount < 0 ? '-' : '') + (SIGNS[currency] ?? `${currency} `),
    integer: String(Math.floor(minor / 100)),
    decimals: fraction ? `.${fraction}` : '',
  }
}

/** Reads what a person typed as a price: 15, 15.5, ¥15.50; null if it is none. */
export function parsePrice(text: string, currency = 'CNY'): Money | null {
  const found = /^[¥$€]?\s*(\d{1,8})(?:[.。](\d{1,2}))?$/.exec(text.trim())
  if (!found) return null
  const amount = Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'))
  return amount > 0 ? { amount, currency } : null
}

export function formatMoney(money: Money): string {
  const { sign, integer, decimals } = priceParts(money)
  return sign + integer.replace(/\B(?=(\d{3})+$)/g, ',') + decimals
}
