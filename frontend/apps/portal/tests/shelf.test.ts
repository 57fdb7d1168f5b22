import { afterEach, expect, test, vi } from 'vitest'
import ShelfEditor from '@/parts/ShelfEditor.vue'
import { settle, show } from './screen'
import { serve } from './server'

const said = { zh: '名', en: 'Name' }
const FORM = {
  noun: 'offer',
  base: {
    properties: {
      price: { type: 'object', kaibo: { id: 'price', type: 'money', label: said, wrong: { zh: '请填金额', en: 'An amount' } } },
      limit: { type: 'integer', minimum: 0, maximum: 999, kaibo: { id: 'limit', type: 'integer', label: said } },
    },
    required: [],
  },
}
const yuan = (amount: number) => ({ amount, currency: 'CNY' })
const offer = (number: number, more: object = {}) => ({ id: `off_${number}`, number, product: `prd_${number}`, title: `${number}`, picture: '', price: yuan(number * 100), list_price: null, limit: 0, units: {}, ...more })
const PROGRAM = { id: 'prg_1', rev: 5, shelf: [offer(1, { limit: 2 }), offer(2)] }

afterEach(() => vi.unstubAllGlobals())

async function open() {
  const asked = serve({
    'GET /v1/forms/offer': () => [200, FORM],
    'GET /v1/products': () => [200, { items: [], next_cursor: null }],
    'PUT /v1/programs/prg_1/shelf': () => [200, { ...PROGRAM, rev: 6 }],
  })
  const side = show(ShelfEditor, { program: PROGRAM, editable: true })
  await side.tap('edit-shelf')
  return { side, sent: () => asked.filter(({ method }) => method === 'PUT') }
}

test('a shelf that is saved keeps what was said of each line', async () => {
  const { side, sent } = await open()
  await side.type('offer-1-price', '1.5')
  await side.type('offer-1-limit', '3')
  await side.tap('save-shelf')
  expect(sent().map(({ headers }) => headers.get('If-Match'))).toEqual(['"5"'])
  expect(sent()[0]?.body).toEqual({
    offers: [
      { product: 'prd_1', price: yuan(100), limit: 2 },
      { product: 'prd_2', price: yuan(150), limit: 3 },
    ],
  })
})

test('what is no amount, or too many, is said at its line and nothing is sent', async () => {
  const { side, sent } = await open()
  await side.type('offer-0-price', '1.555')
  await side.type('offer-1-limit', '1000')
  await side.tap('save-shelf')
  expect(side.root.textContent).toContain('请填金额')
  expect(side.root.textContent).toContain('999')
  expect(sent()).toEqual([])
  await settle()
})
