import { expect, test } from 'vitest'
import { formatMoney, parsePrice, priceParts } from '../../src/format/money'
import { countdown, formatCount, formatDuration, formatMoment } from '../../src/format/time'

test.each([
  [16900, '¥', '169', ''],
  [5990, '¥', '59', '.9'],
  [5, '¥', '0', '.05'],
  [0, '¥', '0', ''],
])('a price tag of %i fen', (amount, sign, integer, decimals) => {
  expect(priceParts({ amount, currency: 'CNY' })).toEqual({ sign, integer, decimals })
})

test('written money has thousands, and the code of a currency without a sign', () => {
  expect(formatMoney({ amount: 123_456_789, currency: 'CNY' })).toBe('¥1,234,567.89')
  expect(formatMoney({ amount: 1_000, currency: 'JPX' })).toBe('JPX 10')
})

test.each([
  [0, '0:00'],
  [65_999, '1:05'],
  [3_725_000, '1:02:05'],
  [-5, '0:00'],
])('a duration of %i ms', (ms, text) => expect(formatDuration(ms)).toBe(text))

test('a countdown reaches zero only when it is over', () => {
  expect(countdown(90_061_000)).toEqual({ days: 1, hours: '01', minutes: '01', seconds: '01', over: false })
  expect(countdown(1)).toMatchObject({ seconds: '01', over: false })
  expect(countdown(-1)).toMatchObject({ seconds: '00', over: true })
})

test.each([
  [9_999, '9999', '9999'],
  [12_834, '1.2万', '12.8K'],
  [100_000, '10万', '100K'],
  [140_000_000, '1.4亿', '140M'],
])('a crowd of %i', (count, zh, en) => {
  expect(formatCount(count, 'zh-CN')).toBe(zh)
  expect(formatCount(count, 'en')).toBe(en)
})

test('moments near today have names', () => {
  const now = new Date(2026, 10, 22, 9, 0).getTime()
  const at = (day: number): number => new Date(2026, 10, day, 20, 5).getTime()
  expect(formatMoment(at(22), now, 'zh-CN')).toBe('今天 20:05')
  expect(formatMoment(at(23), now, 'en')).toBe('Tomorrow 20:05')
  expect(formatMoment(at(21), now, 'zh-CN')).toBe('昨天 20:05')
  expect(formatMoment(at(28), now, 'zh-CN')).toBe('11月28日 20:05')
  expect(formatMoment(at(28), now, 'en')).toBe('28 Nov 20:05')
})

test.each([
  ['15', 1500],
  [' ¥19.9 ', 1990],
  ['0.05', 5],
  ['19。90', 1990],
])('a typed price %s', (text, amount) => expect(parsePrice(text)).toEqual({ amount, currency: 'CNY' }))

test.each(['', '0', '0.00', '-3', '1.999', 'ten', '1e3'])('no price: %s', (text) => expect(parsePrice(text)).toBeNull())
