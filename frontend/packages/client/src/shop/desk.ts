import { isProblem, Unreachable } from '../api/problems'
import type { Money, NewOrder, Order } from '../api/types'
import { randomId } from '../random'

type Place = (order: NewOrder, idempotencyKey: string) => Promise<Order>

/**
 * Places orders so that one wish is one order. A second tap joins the order under way; an attempt without an answer keeps
 * its key, so that trying again finds the order the first attempt may have made.
 */
export class OrderDesk {
  private underWay: Promise<Order> | null = null
  private open: { key: string; order: string } | null = null

  constructor(private readonly post: Place) {}

  place(order: NewOrder): Promise<Order> {
    this.underWay ??= this.ask(order).finally(() => (this.underWay = null))
    return this.underWay
  }

  private async ask(order: NewOrder): Promise<Order> {
    const text = JSON.stringify(order)
    if (this.open?.order !== text) this.open = { key: randomId(), order: text }
    try {
      const placed = await this.post(order, this.open.key)
      this.open = null
      return placed
    } catch (error) {
      if (!outcomeUnknown(error)) this.open = null
      throw error
    }
  }
}

/** No answer, or a server that stumbled: whether the order stands is not known. */
export const outcomeUnknown = (error: unknown): boolean =>
  error instanceof Unreachable || (isProblem(error) && error.status >= 500)

/** The price that was seen and the one that holds now. */
export interface PriceChange {
  seen: Money
  now: Money
}

export function priceChangeOf(error: unknown): PriceChange | null {
  if (!isProblem(error, 'price_changed')) return null
  const { seen, now } = error.problem.data ?? {}
  return isMoney(seen) && isMoney(now) ? { seen, now } : null
}

/** How many units are left when an order asked for more; 0 is sold out. */
export function shortageOf(error: unknown): number | null {
  if (!isProblem(error, 'stock_short')) return null
  const left = error.problem.data?.left
  return typeof left === 'number' ? left : 0
}

function isMoney(value: unknown): value is Money {
  const money = value as Partial<Money> | null | undefined
  return typeof money?.amount === 'number' && typeof money.currency === 'string'
}
