import { expect, test } from 'vitest'
import { ApiProblem, Unreachable } from '../../src/api/problems'
import type { NewOrder, Offer, Order } from '../../src/api/types'
import { OrderDesk, priceChangeOf, shortageOf } from '../../src/shop/desk'
import { readFields } from '../../src/fields/schema'
import { EMPTY_FORM, faultsOf, mostOf, plus, restoreForm, sameAddress, times, toAddress, toDelivery, toOrder, withAddress } from '../../src/shop/draft'
import { actsOf, isMoving, stateOf } from '../../src/shop/orders'

const yuan = (amount: number) => ({ amount: amount * 100, currency: 'CNY' })
const offer: Offer = { id: 'off_1', number: 1, product: 'prd_1', title: '护手霜', picture: '', price: yuan(39), limit: 2 }
const parcel = { ...EMPTY_FORM, name: ' 阿明 ', phone: '138 0000 0000', street: '文三路 1 号' }
const wish = (quantity = 1): NewOrder => toOrder('prg_1', offer, 'sku_1', offer.price, quantity, parcel, ' 请快一点 ')
const refusal = (code: string, status: number, data?: Record<string, unknown>): ApiProblem =>
  new ApiProblem({ type: 'about:blank', title: code, status, code, data })
const order = (given: Partial<Order> = {}): Order =>
  ({ id: 'ord_1', state: 'pending_payment', expires_at: 1_000, refund_asked: null, lines: [], ...given }) as unknown as Order

test('an order carries the price that was seen and trimmed words', () => {
  expect(wish(2)).toEqual({
    program: 'prg_1',
    lines: [{ product: 'prd_1', sku: 'sku_1', quantity: 2, price: yuan(39) }],
    delivery: { type: 'courier', address: { name: '阿明', phone: '138 0000 0000', region: '', street: '文三路 1 号' } },
    note: '请快一点',
  })
  expect(times(yuan(39), 2)).toEqual(yuan(78))
  expect(plus(yuan(39), 500)).toEqual(yuan(44))
})

const text = { minLength: 1, maxLength: 40, kaibo: { type: 'text' } }
const phone = { pattern: '^\\+?[0-9][0-9 -]{4,19}$', kaibo: { type: 'phone' } }
const WHO = readFields({ properties: { name: text, phone }, required: ['name', 'phone'] })
const ADDRESS = readFields({ properties: { name: text, phone, region: { maxLength: 100, kaibo: { type: 'text' } }, street: text }, required: ['name', 'phone', 'street'] })

test('what is collected needs a store beside what its form asks for', () => {
  expect(faultsOf(EMPTY_FORM, ADDRESS)).toEqual(['name', 'phone', 'street'])
  expect(faultsOf({ ...EMPTY_FORM, kind: 'pick_up' }, WHO)).toEqual(['name', 'phone', 'store'])
  expect(faultsOf({ ...parcel, kind: 'pick_up', store: 'sto_1' }, WHO)).toEqual([])
  expect(faultsOf({ ...parcel, phone: 'call me' }, ADDRESS)).toEqual(['phone'])
  expect(faultsOf({ ...parcel, street: 'x'.repeat(41) }, ADDRESS)).toEqual(['street'])
  expect(faultsOf(parcel, ADDRESS)).toEqual([])
})

test('what is collected names its store and no street', () => {
  expect(toDelivery({ ...parcel, kind: 'pick_up', store: 'sto_1' })).toEqual({ type: 'pick_up', name: '阿明', phone: '138 0000 0000', store: 'sto_1' })
})

test('an address of the book goes into the form and is known again', () => {
  const home = { name: '小云', phone: '13900000000', region: '浙江', street: '湖滨路 7 号' }
  const form = withAddress({ ...EMPTY_FORM, kind: 'pick_up', store: 'sto_1' }, home)
  expect(form).toEqual({ kind: 'pick_up', store: 'sto_1', ...home })
  expect(sameAddress(toAddress(form), home)).toBe(true)
  expect(sameAddress(toAddress({ ...form, street: '湖滨路 8 号' }), home)).toBe(false)
})

test('a remembered form comes back; anything else is an empty one', () => {
  expect(restoreForm(JSON.stringify(parcel))).toEqual(parcel)
  for (const stored of [null, '', '{', '[]', '{"kind":"drone","name":7}']) expect(restoreForm(stored)).toEqual(EMPTY_FORM)
})

test('one may choose up to the limit of the offer and what is left', () => {
  expect(mostOf(offer)).toBe(2)
  expect(mostOf(offer, 1)).toBe(1)
  expect(mostOf(offer, 0)).toBe(0)
  expect(mostOf({ limit: 0 })).toBe(99)
})

test('a double tap is one order', async () => {
  const keys: string[] = []
  const desk = new OrderDesk(async (_order, key) => {
    keys.push(key)
    return order()
  })
  const [first, second] = await Promise.all([desk.place(wish()), desk.place(wish())])
  expect(first).toBe(second)
  expect(keys).toHaveLength(1)
  await desk.place(wish())
  expect(keys[1], 'the next wish is another order').not.toBe(keys[0])
})

test.each([
  ['no answer', new Unreachable('no answer'), true],
  ['a server that stumbled', refusal('unavailable', 503), true],
  ['a refusal', refusal('price_changed', 409), false],
  ['an expired session', refusal('not_signed_in', 401), false],
])('after %s, trying again keeps the key only when the order may stand', async (_name, failure, keeps) => {
  const keys: string[] = []
  const desk = new OrderDesk(async (_order, key) => {
    keys.push(key)
    if (keys.length === 1) throw failure
    return order()
  })
  await expect(desk.place(wish())).rejects.toBe(failure)
  await desk.place(wish())
  expect(keys[0] === keys[1]).toBe(keeps)
})

test('another wish after no answer has a key of its own', async () => {
  const keys: string[] = []
  const desk = new OrderDesk(async (_order, key) => {
    keys.push(key)
    throw new Unreachable('no answer')
  })
  await desk.place(wish(1)).catch(() => undefined)
  await desk.place(wish(2)).catch(() => undefined)
  expect(keys[0]).not.toBe(keys[1])
})

test('a changed price tells both, a shortage what is left', () => {
  const change = { seen: yuan(39), now: yuan(45) }
  expect(priceChangeOf(refusal('price_changed', 409, { ...change, pointer: '/lines/0/price' }))).toEqual(change)
  expect(priceChangeOf(refusal('price_changed', 409))).toBeNull()
  expect(priceChangeOf(new Unreachable('no answer'))).toBeNull()
  expect(shortageOf(refusal('stock_short', 409, { left: 3 }))).toBe(3)
  expect(shortageOf(refusal('stock_short', 409))).toBe(0)
  expect(shortageOf(refusal('over_limit', 409, { left: 3 }))).toBeNull()
})

test('an unpaid order can be paid until its time is over', () => {
  expect(actsOf(order(), 999)).toEqual(['pay', 'cancel'])
  expect([stateOf(order(), 1_000), actsOf(order(), 1_000), isMoving(order(), 1_000)]).toEqual(['expired', [], false])
})

test('the money of a paid order can be asked back once', () => {
  for (const state of ['paid', 'ready', 'shipped', 'done'] as const) expect(actsOf(order({ state }), 0)).toEqual(['refund'])
  expect(actsOf(order({ state: 'shipped', refund_asked: { at: 1, reason: '' } }), 0)).toEqual([])
  for (const state of ['cancelled', 'expired', 'refunding', 'refunded'] as const) expect(actsOf(order({ state }), 0)).toEqual([])
  expect(isMoving(order({ state: 'refunding' }), 5_000)).toBe(true)
})
