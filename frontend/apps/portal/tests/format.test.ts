import { expect, test } from 'vitest'
import { mainRole, may } from '@/format/roles'
import { toneOf } from '@/format/tones'
import { readYuan, writeYuan } from '@/format/yuan'

test.each([
  ['129', 12_900],
  ['129.9', 12_990],
  ['129.90', 12_990],
  ['0.01', 1],
  [' 1,299 ', 129_900],
  ['100000000', 10_000_000_000],
])('%s yuan are %i fen', (text, amount) => {
  expect(readYuan(text)).toEqual({ amount, currency: 'CNY' })
})

test.each(['', 'free', '-1', '9.999', '1.', '1e3', '100000001', '１２'])('%j is no amount', (text) => {
  expect(readYuan(text)).toBeNull()
})

test.each([
  [12_900, '129'],
  [12_990, '129.90'],
  [1, '0.01'],
])('%i fen are written %s and read back the same', (amount, text) => {
  expect(writeYuan({ amount, currency: 'CNY' })).toBe(text)
  expect(readYuan(text)).toEqual({ amount, currency: 'CNY' })
})

test('vermilion is for what is on the air alone', () => {
  const live = ['program', 'content', 'job'].flatMap((kind) =>
    ['draft', 'scheduled', 'ready', 'live', 'interrupted', 'ended', 'cancelled', 'preparing', 'published', 'withdrawn', 'queued', 'running', 'done', 'failed']
      .filter((state) => toneOf(kind, state) === 'live')
      .map((state) => `${kind} ${state}`),
  )
  expect(live).toEqual(['program live'])
})

const anchor = { id: 'acc_1', name: 'A', roles: { biz_1: ['anchor' as const], biz_2: ['viewer' as const] } }
const operator = { id: 'acc_2', name: 'B', roles: { '*': ['operator' as const] } }

test('a role holds in its business only, an operator of the platform may everything', () => {
  expect(may(anchor, 'biz_1', 'anchor')).toBe(true)
  expect(may(anchor, 'biz_1', 'business_operator')).toBe(false)
  expect(may(anchor, 'biz_2', 'anchor')).toBe(false)
  expect(may(operator, 'biz_2', 'business_operator')).toBe(true)
  expect(may(null, 'biz_1', 'viewer')).toBe(false)
  expect(mainRole(anchor, 'biz_1')).toBe('anchor')
  expect(mainRole(anchor, 'biz_2')).toBe('viewer')
  expect(mainRole(operator, 'biz_1')).toBe('operator')
})
