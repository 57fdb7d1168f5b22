import { expect, test } from 'vitest'
import { merge, same, withValue } from '@/format/merge'

const BASE = { title: '旧', intro: '简介', tags: ['a'], ext: { tier: 'gold', size: 1 } }

test('what only one of both changed is in the result, extension fields one by one', () => {
  const mine = { ...BASE, title: '我的', ext: { tier: 'silver', size: 1 } }
  const theirs = { ...BASE, intro: '他的', ext: { tier: 'gold', size: 2 } }
  expect(merge(BASE, mine, theirs)).toEqual({ face: { ...BASE, title: '我的', intro: '他的', ext: { tier: 'silver', size: 2 } }, conflicts: [] })
})

test('what both changed otherwise is asked about, and mine stands until then', () => {
  const { face, conflicts } = merge(BASE, { ...BASE, title: '我的' }, { ...BASE, title: '他的' })
  expect(face.title).toBe('我的')
  expect(conflicts).toEqual([{ pointer: '/title', base: '旧', mine: '我的', theirs: '他的' }])
})

test('the same change made twice is no conflict', () => {
  expect(merge(BASE, { ...BASE, tags: ['a', 'b'] }, { ...BASE, tags: ['a', 'b'] }).conflicts).toEqual([])
})

test('a value that one took away and the other changed is asked about; one that only one took away is gone', () => {
  const { intro: _intro, ...without } = BASE
  expect(merge(BASE, without, { ...BASE, intro: '他的' }).conflicts).toEqual([{ pointer: '/intro', base: '简介', mine: undefined, theirs: '他的' }])
  expect(merge(BASE, BASE, without).face).toEqual(without)
})

test('a settled value is put in its place, or taken out', () => {
  expect(withValue(BASE, '/ext/tier', 'silver').ext).toEqual({ tier: 'silver', size: 1 })
  expect(withValue(BASE, '/intro', undefined)).not.toHaveProperty('intro')
})

test('in what order an object names its fields says nothing', () => {
  expect(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true)
  expect(same([1, 2], [2, 1])).toBe(false)
})
