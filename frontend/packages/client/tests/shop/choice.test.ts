import { expect, test } from 'vitest'
import type { ProductChoice, SkuChoice } from '../../src/api/types'
import { allSoldOut, firstPick, pick, skuPicked, stateOfValue, unitsCounted } from '../../src/shop/choice'

const sku = (id: string, values: string[], left: number): SkuChoice =>
  ({ id, values, left, title: values.join(' / '), surcharge: 0, picture: '', price: { amount: 1, currency: 'CNY' }, list_price: null }) as SkuChoice
/** Red comes in M (none left) and L, blue in M only. */
const shirt: ProductChoice = {
  product: 'prd_1',
  limit: 0,
  options: [
    { name: 'colour', values: ['red', 'blue'] },
    { name: 'size', values: ['M', 'L'] },
  ],
  skus: [sku('sku_rm', ['red', 'M'], 0), sku('sku_rl', ['red', 'L'], 2), sku('sku_bm', ['blue', 'M'], 1)],
}
const mug: ProductChoice = { product: 'prd_2', limit: 0, options: [], skus: [sku('sku_2', [], 3)] }

test('a product without variants is chosen at once', () => {
  expect(firstPick(mug)).toEqual([])
  expect(skuPicked(mug, [])?.id).toBe('sku_2')
})

test('one begins with the first that can be had', () => {
  expect(firstPick(shirt)).toEqual(['red', 'L'])
  expect(firstPick(shirt, { sku_rl: 0 })).toEqual(['blue', 'M'])
  expect(firstPick(shirt, { sku_rl: 0, sku_bm: 0 }), 'all gone: the first').toEqual(['red', 'M'])
})

test('nothing is chosen while an option is open or the combination does not exist', () => {
  expect(skuPicked(shirt, ['red', ''])).toBeNull()
  expect(skuPicked(shirt, ['blue', 'L'])).toBeNull()
  expect(skuPicked(shirt, ['blue', 'M'])?.id).toBe('sku_bm')
})

test.each([
  [['red', 'L'], 1, 'M', 'sold_out'],
  [['blue', 'M'], 1, 'L', 'none'],
  [['blue', 'M'], 0, 'red', 'sold_out'],
  [['red', 'L'], 0, 'red', 'open'],
  [['', ''], 0, 'red', 'open'],
] as const)('beside %j, value %i %s is %s', (picked, place, value, state) => {
  expect(stateOfValue(shirt, picked, place, value)).toBe(state)
})

test('what the room counted is believed more than what was told before', () => {
  expect(stateOfValue(shirt, ['red', 'L'], 1, 'L', { sku_rl: 0 })).toBe('sold_out')
  expect(stateOfValue(shirt, ['red', 'L'], 1, 'M', { sku_rm: 1 })).toBe('open')
  expect([allSoldOut(shirt), allSoldOut(shirt, { sku_rl: 0, sku_bm: 0 })]).toEqual([false, true])
})

test('the room counts each SKU of several, and the only one of a product without variants', () => {
  expect(unitsCounted(shirt, { left: 3, of: 9, skus: { sku_rl: 3 } })).toEqual({ sku_rl: 3 })
  expect(unitsCounted(mug, { left: 2, of: 9 })).toEqual({ sku_2: 2 })
  expect([unitsCounted(mug, undefined), unitsCounted(shirt, { left: 2, of: 2 })]).toEqual([{}, {}])
})

test('a value that does not go with the others chooses them anew', () => {
  expect(pick(shirt, ['red', 'L'], 0, 'blue')).toEqual(['blue', 'M'])
  expect(pick(shirt, ['blue', 'M'], 1, 'L')).toEqual(['red', 'L'])
  expect(pick(shirt, ['red', 'L'], 1, 'M'), 'sold out, but one may look at it').toEqual(['red', 'M'])
})
