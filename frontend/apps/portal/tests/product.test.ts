import { afterEach, expect, test, vi } from 'vitest'
import type { Product } from '@/api/types'
import ProductSide from '@/parts/ProductSide.vue'
import { settle, show } from './screen'
import { problem, serve } from './server'

const PRODUCT: Product = {
  id: 'prd_1',
  rev: 3,
  business: 'biz_1',
  supplier: '',
  title: '马克杯',
  subtitle: '手绘',
  price: { amount: 3_990, currency: 'CNY' },
  list_price: null,
  pictures: [],
  options: [],
  skus: [],
  ext: {},
  model: '',
  demo: false,
  created_at: 1,
  updated_at: 1,
}

const said = { zh: '名', en: 'Name' }
const text = (id: string, more: object) => ({ type: 'string', ...more, kaibo: { id, type: 'text', label: said } })
const money = (id: string) => ({ type: 'object', kaibo: { id, type: 'money', label: said, wrong: { zh: '请填金额', en: 'An amount' } } })
const FORM = {
  noun: 'product',
  base: {
    properties: {
      title: text('title', { maxLength: 80, minLength: 1 }),
      subtitle: text('subtitle', { maxLength: 500 }),
      price: money('price'),
      list_price: money('list_price'),
      supplier: { type: 'string', kaibo: { id: 'supplier', type: 'account', label: said, role: 'supplier' } },
    },
    required: ['title', 'price'],
  },
}
const ASKED = {
  'GET /v1/forms/product': (): [number, object] => [200, FORM],
  'GET /v1/products/prd_1': (): [number, object] => [200, PRODUCT],
}

function open(id = 'prd_1', { known, editable = true }: { known?: Product; editable?: boolean } = { known: PRODUCT }) {
  const onSaved = vi.fn()
  return { ...show(ProductSide, { id, editable, known, onSaved }), onSaved }
}

afterEach(() => vi.unstubAllGlobals())

test('an edit is based on the revision that was read and sent under a key', async () => {
  const asked = serve({
    ...ASKED,
    'PATCH /v1/products/prd_1': ({ body }) => [200, { ...PRODUCT, ...(body as object), rev: 4 }],
  })
  const side = open()
  await settle()
  await side.type('product-title', '马克杯 400ml')
  await side.submit()

  const edit = asked.find(({ method }) => method === 'PATCH')!
  expect(edit.headers.get('If-Match')).toBe('"3"')
  expect(edit.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
  expect(edit.body).toEqual({ title: '马克杯 400ml' })
  expect(side.onSaved).toHaveBeenCalledWith(expect.objectContaining({ rev: 4, title: '马克杯 400ml' }))
})

test('a new product needs no more than a name and a price', async () => {
  const asked = serve({ ...ASKED, 'POST /v1/products': ({ body }) => [201, { ...PRODUCT, ...(body as object) }] })
  const side = open('new', {})
  await settle()
  await side.type('product-title', '马克杯')
  await side.type('product-price', '39.9')
  await side.submit()
  expect(asked.find(({ method }) => method === 'POST')?.body).toMatchObject({ title: '马克杯', price: { amount: 3_990, currency: 'CNY' } })
  expect(side.has('form-trouble')).toBe(false)
  expect(side.onSaved).toHaveBeenCalledTimes(1)
})

test('who was slower is told, keeps what was typed, and loads the latest when asked', async () => {
  const theirs = { ...PRODUCT, rev: 4, subtitle: '别人先改了' }
  let now: object = PRODUCT
  const asked = serve({
    ...ASKED,
    'GET /v1/products/prd_1': () => [200, now],
    'PATCH /v1/products/prd_1': ({ headers }) =>
      headers.get('If-Match') === '"4"' ? [200, { ...theirs, rev: 5 }] : [412, problem(412, 'precondition_failed', '内容已被他人修改，请刷新后重试。')],
  })
  const side = open()
  await settle()
  now = theirs
  await side.type('product-title', '我的修改')
  await side.submit()

  expect(side.text('conflict')).toContain('内容已被他人修改')
  expect(side.field('product-title').value).toBe('我的修改')
  expect(side.onSaved).not.toHaveBeenCalled()

  await side.tap('reload')
  expect(side.has('conflict')).toBe(false)
  expect(side.field('product-subtitle').value).toBe('别人先改了')

  await side.type('product-title', '我的修改')
  await side.submit()
  expect(asked.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers.get('If-Match'))).toEqual(['"3"', '"4"'])
  expect(side.onSaved).toHaveBeenCalledTimes(2)
})

test('wrong values are marked at their fields and nothing is sent', async () => {
  const asked = serve(ASKED)
  const side = open('new', {})
  await settle()
  expect(side.has('product-supplier')).toBe(false)
  await side.type('product-price', '9.999')
  await side.submit()
  expect(side.errors()).toEqual(['必填', '请填金额'])
  expect(asked.filter(({ method }) => method !== 'GET')).toEqual([])

  await side.type('product-price', '9.9')
  await side.submit()
  expect(side.errors()).toEqual(['必填'])
})

test("the server's refusal of a value stands at that field", async () => {
  serve({
    ...ASKED,
    'PATCH /v1/products/prd_1': () => [422, problem(422, 'invalid', '填写的内容有误。', { errors: [{ pointer: '/title', expected: 'at most 80 characters' }] })],
  })
  const side = open()
  await settle()
  await side.type('product-title', 'x')
  await side.submit()
  expect(side.text('form-trouble')).toContain('填写的内容有误。')
  expect(side.errors()).toEqual(['最多 80 个字'])
})

test('who may only look gets no button to save', async () => {
  serve(ASKED)
  const side = open('prd_1', { known: PRODUCT, editable: false })
  await settle()
  expect(side.has('save')).toBe(false)
  expect(side.field('product-title').disabled).toBe(true)
})

test('a product that is gone says so', async () => {
  serve({ 'GET /v1/forms/product': ASKED['GET /v1/forms/product'] })
  const side = open('prd_9', {})
  await settle()
  expect(side.text('trouble')).toContain('没有找到。')
})
