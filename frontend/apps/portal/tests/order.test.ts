import { afterEach, expect, test, vi } from 'vitest'
import type { OrderRow } from '@/api/types'
import { asked } from '@/composables/confirm'
import OrderSide from '@/parts/OrderSide.vue'
import { settle, show } from './screen'
import { problem, serve } from './server'

const ORDER: OrderRow = {
  id: 'ord_1',
  rev: 1,
  business: 'biz_1',
  account: 'acc_1',
  buyer: '阿明',
  program: 'prg_1',
  lines: [
    {
      product: 'prd_1',
      sku: '',
      title: '马克杯',
      sku_title: '',
      picture: '',
      quantity: 2,
      price: { amount: 3_990, currency: 'CNY' },
      list_price: null,
      price_version: '',
      allotment: '',
    },
  ],
  amount: { amount: 7_980, currency: 'CNY' },
  delivery: { type: 'courier', address: { name: '阿明', phone: '13800000000', region: '浙江省', street: '文三路 1 号' } },
  store: null,
  pick_up_code: '',
  note: '',
  state: 'paid',
  expires_at: 2,
  paid_at: 1,
  refund_asked: null,
  steps: [{ state: 'paid', at: 1, by: 'acc_1', reason: '' }],
  demo: false,
  created_at: 1,
}

async function open(order: object = ORDER) {
  const onChanged = vi.fn()
  const side = show(OrderSide, { id: 'ord_1', known: order, onChanged })
  await settle()
  return { ...side, onChanged }
}

afterEach(() => vi.unstubAllGlobals())

test('a paid parcel is shipped', async () => {
  const sent = serve({
    'GET /v1/orders/ord_1': () => [200, ORDER],
    'POST /v1/orders/ord_1/fulfil': () => [200, { ...ORDER, state: 'shipped' }],
  })
  const side = await open()
  expect(side.root.textContent).toContain('浙江省 文三路 1 号')
  await side.tap('fulfil')
  expect(sent.at(-1)!.body).toEqual({ step: 'ship', code: '' })
  expect(side.onChanged).toHaveBeenCalledWith(expect.objectContaining({ state: 'shipped' }))
})

test('money goes back only after a yes, with the reason that was given', async () => {
  const sent = serve({
    'GET /v1/orders/ord_1': () => [200, ORDER],
    'POST /v1/orders/ord_1/refund': () => [200, { ...ORDER, state: 'refunding' }],
  })
  const side = await open()
  await side.tap('refund')
  expect(asked.value!.danger).toBe(true)
  asked.value!.answer(null)
  await settle()
  expect(sent.filter(({ method }) => method === 'POST')).toEqual([])

  await side.tap('refund')
  asked.value!.answer('缺货')
  await settle()
  expect(sent.at(-1)!.body).toEqual({ reason: '缺货' })
})

test('a buyer who waits for the money is answered first', async () => {
  const waiting = { ...ORDER, state: 'shipped', refund_asked: { at: 1, reason: '尺寸不合适' } }
  serve({ 'GET /v1/orders/ord_1': () => [200, waiting] })
  const side = await open(waiting)
  expect(side.text('refund-asked')).toContain('尺寸不合适')
  expect(side.has('fulfil')).toBe(false)
  expect(side.text('refund')).toBe('同意退款')
})

test('a refusal reads the order anew', async () => {
  let now: object = ORDER
  serve({
    'GET /v1/orders/ord_1': () => [200, now],
    'POST /v1/orders/ord_1/fulfil': () => [409, problem(409, 'wrong_state', '现在不能这样做。')],
  })
  const side = await open()
  now = { ...ORDER, state: 'refunded' }
  await side.tap('fulfil')
  expect(side.has('fulfil')).toBe(false)
  expect(side.has('refund')).toBe(false)
})
