import { expect, test } from 'vitest'
import { meaningOf, SCREEN_KEYS } from '@/composables/shortcuts'

const press = (key: string, extra: { typing?: boolean; modified?: boolean } = {}) => ({ key, typing: false, modified: false, ...extra })

test.each(Object.entries(SCREEN_KEYS))('g then %s goes to %s', (key, screen) => {
  expect(meaningOf(press('g'), false)).toEqual({ act: 'wait' })
  expect(meaningOf(press(key), true)).toEqual({ act: 'go', screen })
})

test('every screen has a letter of its own', () => {
  expect(new Set(Object.values(SCREEN_KEYS)).size).toBe(Object.keys(SCREEN_KEYS).length)
})

test('without g before it a letter goes nowhere', () => {
  expect(meaningOf(press('l'), false)).toEqual({ act: 'none' })
})

test('keys typed into a field are text, Esc is not', () => {
  expect(meaningOf(press('/', { typing: true }), false)).toEqual({ act: 'none' })
  expect(meaningOf(press('g', { typing: true }), false)).toEqual({ act: 'none' })
  expect(meaningOf(press('Escape', { typing: true }), false)).toEqual({ act: 'close' })
})

test("the browser's own shortcuts stay its own", () => {
  expect(meaningOf(press('n', { modified: true }), false)).toEqual({ act: 'none' })
})

test.each([
  ['/', 'search'],
  ['?', 'help'],
  ['n', 'new'],
  ['Escape', 'close'],
])('%s means %s', (key, act) => {
  expect(meaningOf(press(key), false)).toEqual({ act })
})

test.each(['j', 'k', 'x', 'X', 'e', '1', 'u'])('%s is for the list that is open', (key) => {
  expect(meaningOf(press(key), false)).toEqual({ act: 'list', key })
  expect(meaningOf(press(key, { typing: true }), false)).toEqual({ act: 'none' })
})
