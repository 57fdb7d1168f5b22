import { expect, test } from 'vitest'
import { chooseLocale, messages, translator } from '../../src/i18n'

const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort()

test('both languages have the same messages, none empty', () => {
  expect(Object.keys(messages.en).sort()).toEqual(Object.keys(messages['zh-CN']).sort())
  for (const texts of Object.values(messages)) expect(Object.values(texts).filter((text) => !text.trim())).toEqual([])
})

test('both languages fill in the same values', () => {
  for (const [key, text] of Object.entries(messages['zh-CN'])) {
    expect([key, placeholders(messages.en[key as keyof typeof messages.en])]).toEqual([key, placeholders(text)])
  }
})

test('values are filled in; one that is missing stays visible', () => {
  const t = translator('zh-CN')
  expect(t('home.viewers', { n: 12 })).toBe('12 人在看')
  expect(t('home.viewers')).toBe('{n} 人在看')
})

test('Chinese unless English is asked for', () => {
  expect(chooseLocale('en-GB')).toBe('en')
  expect(chooseLocale('zh-TW')).toBe('zh-CN')
  expect(chooseLocale(null)).toBe('zh-CN')
})
