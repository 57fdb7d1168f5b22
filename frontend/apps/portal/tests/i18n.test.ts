import { messages as shared } from '@kaibo/client'
import { expect, test } from 'vitest'
import { chooseLanguage, t, tOr } from '@/i18n'
import { en } from '@/i18n/en'
import { zhCN } from '@/i18n/zh-CN'

const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort()

test('both languages have the same texts', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zhCN).sort())
})

test.each(Object.keys(zhCN) as (keyof typeof zhCN)[])('%s is said in both languages with the same parameters', (key) => {
  expect(zhCN[key].trim()).not.toBe('')
  expect(en[key].trim()).not.toBe('')
  expect(holes(en[key])).toEqual(holes(zhCN[key]))
})

test('one thing has one word on every screen', () => {
  for (const texts of [zhCN, en] as Record<string, string>[]) {
    const kinds = Object.keys(texts).filter((key) => key.startsWith('content.kind.'))
    expect(kinds.map((key) => texts[key.replace('content.kind', 'model.layer')])).toEqual(kinds.map((key) => texts[key]))
    expect([texts['model.layer.room'], texts['model.layer.program']]).toEqual([texts['uses.layer.room'], texts['uses.layer.program']])
  }
  expect(Object.entries({ ...shared['zh-CN'], ...zhCN }).filter(([, text]) => /(?<!直播)房间|文章/.test(text))).toEqual([])
  expect(Object.entries(en).filter(([, text]) => /(?<!Mini-)\bprogram/i.test(text))).toEqual([])
})

test('no text hides one of the shared client', () => {
  expect(Object.keys(zhCN).filter((key) => key in shared['zh-CN'])).toEqual([])
})

test('a text fills its parameters in the chosen language', () => {
  chooseLanguage('en')
  expect(t('live.in_hours', { h: 2, m: 5 })).toBe('in 2 h 5 min')
  expect(t('common.retry')).toBe('Try again')
  chooseLanguage('zh-CN')
  expect(t('live.in_hours', { h: 2, m: 5 })).toBe('2 小时 5 分后')
})

test('a key made from data that has no text says the fallback', () => {
  expect(tOr('end.eaten_by_a_dog', 'eaten_by_a_dog')).toBe('eaten_by_a_dog')
  expect(tOr('end.grace_over', 'grace_over')).toBe('断流后未恢复')
})
