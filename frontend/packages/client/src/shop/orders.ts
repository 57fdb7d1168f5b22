import type { Order, OrderState } from '../api/types'

/** The lists of 我的订单; `all` has every state. */
export const ORDER_TABS = ['all', 'pending_payment', 'paid', 'ready', 'shipped'] as const
export type OrderTab = (typeof ORDER_TABS)[number]

export type OrderAct = 'pay' | 'cancel' | 'refund'

const REFUNDABLE = new Set<OrderState>(['paid', 'ready', 'shipped', 'done'])

/** The state to show: an order whose time to pay is over has expired, even before the server says so. */
export const stateOf = (order: Order, now: number): OrderState =>
  order.state === 'pending_payment' && now >= order.expires_at ? 'expired' : order.state

/** What its buyer can do with an order, the most wanted first. */
export function actsOf(order: Order, now: number): OrderAct[] {
  const state = stateOf(order, now)
  if (state === 'pending_payment') return ['pay', 'cancel']
  return REFUNDABLE.has(state) && !order.refund_asked ? ['refund'] : []
}

/** Something may still happen by itself: money under way to us or back to the buyer. */
export const isMoving = (order: Order, now: number): boolean =>
  order.state === 'refunding' || stateOf(order, now) === 'pending_payment'

export const unitsOf = (order: Order): number => order.lines.reduce((sum, { quantity }) => sum + quantity, 0)
