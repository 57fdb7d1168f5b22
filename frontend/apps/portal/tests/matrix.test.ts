import { expect, test } from 'vitest'
import type { Product, StockRow } from '@/api/types'
import { combine, countOf, type DraftOption, matrixOf, newKey, titleOf, toLines } from '@/format/matrix'

const stockOf = (sku: string, total: number): StockRow => ({
  sku, title: '', product: 'prd_7', business: 'biz_1', total, on_hand: total, free: total, allotted: 0, reserved: 0, sold: 0, rev: total ? 2 : 1,
})
const product = (given: Partial<Product> = {}): Product =>
  ({ id: 'prd_7', rev: 1, title: 'Shirt', price: { amount: 100, currency: 'CNY' }, pictures: [], options: [], skus: [], ...given }) as unknown as Product
const option = (name: string, ...values: string[]): DraftOption => ({ key: newKey(), name, values: values.map((text) => ({ key: newKey(), text })) })
const shirt = product({
  options: [{ name: 'size', values: ['M', 'L'] }],
  skus: [
    { id: 'sku_m', title: 'M', values: ['M'], code: 'S-M', surcharge: 0, picture: '', retired: false },
    { id: 'sku_l', title: 'L', values: ['L'], code: '', surcharge: 550, picture: '', retired: true },
  ],
})

test('what the server knows comes back as it was', () => {
  const matrix = matrixOf(shirt, [stockOf('sku_m', 3), stockOf('sku_l', 0)])
  expect(matrix.rows.map((row) => titleOf(matrix, row))).toEqual(['M', 'L'])
  expect(matrix.rows.map(({ surcharge, sold, onHand }) => [surcharge, sold, onHand])).toEqual([['', true, '3'], ['5.50', false, '']])
  expect(toLines(matrix)).toEqual({
    options: [{ name: 'size', values: ['M', 'L'] }],
    skus: [
      { id: 'sku_m', values: ['M'], code: 'S-M', surcharge: 0, picture: '', retired: false },
      { id: 'sku_l', values: ['L'], code: '', surcharge: 550, picture: '', retired: true },
    ],
  })
})

test('the units of a product without variants go on as the first one', () => {
  const plain = matrixOf(product(), [stockOf('sku_7', 5)])
  expect([plain.rows.length, plain.rows[0]?.onHand, toLines(plain)]).toEqual([1, '5', { options: [], skus: [] }])
  const { matrix, lost } = combine({ options: [option('size', 'M', 'L')], rows: plain.rows })
  expect(lost).toEqual([])
  expect(toLines(matrix).skus.map(({ id, values }) => [id, values])).toEqual([['sku_7', ['M']], [undefined, ['L']]])
})

test('a second option multiplies, and a row goes on as the first of its own', () => {
  const matrix = matrixOf(shirt, [stockOf('sku_m', 3), stockOf('sku_l', 0)])
  const wider = combine({ options: [...matrix.options, option('colour', 'red', 'blue')], rows: matrix.rows }).matrix
  expect(wider.rows.map((row) => [titleOf(wider, row), row.id])).toEqual([['M / red', 'sku_m'], ['M / blue', ''], ['L / red', 'sku_l'], ['L / blue', '']])
  const back = combine({ options: [wider.options[0]!], rows: wider.rows })
  expect([back.matrix.rows.map(({ id }) => id), back.lost]).toEqual([['sku_m', 'sku_l'], []])
})

test('a renamed value keeps its variant, a removed one with stock is said to be lost', () => {
  const matrix = matrixOf(shirt, [stockOf('sku_m', 3), stockOf('sku_l', 0)])
  const [size] = matrix.options
  const renamed = { ...size!, values: size!.values.map((value) => (value.text === 'M' ? { ...value, text: 'medium' } : value)) }
  expect(toLines(combine({ options: [renamed], rows: matrix.rows }).matrix).skus.map(({ id, values }) => [id, values])).toEqual([['sku_m', ['medium']], ['sku_l', ['L']]])
  const without = combine({ options: [{ ...size!, values: size!.values.slice(1) }], rows: matrix.rows })
  expect(without.lost.map(({ id }) => id)).toEqual(['sku_m'])
  const again = combine({ options: [size!], rows: [...without.matrix.rows, ...without.lost] })
  expect([again.matrix.rows.map(({ id }) => id), again.lost]).toEqual([['sku_m', 'sku_l'], []])
})

test('a combination that was never made and is not sold is not sent', () => {
  const half = product({ options: [{ name: 'size', values: ['M', 'L'] }], skus: shirt.skus.slice(0, 1) })
  const matrix = matrixOf(half, [stockOf('sku_m', 1)])
  expect(matrix.rows.map(({ sold }) => sold)).toEqual([true, false])
  expect(toLines(matrix).skus.map(({ id }) => id)).toEqual(['sku_m'])
})

test.each([
  ['3', undefined],
  ['4', 4],
  ['0', 0],
  ['', 0],
  ['4.5', null],
  ['many', null],
])('with 3 in the store, %j counts %j', (typed, counted) => {
  const [row] = matrixOf(product(), [stockOf('sku_7', 3)]).rows
  expect(countOf({ ...row!, onHand: typed })).toBe(counted)
})
