import { afterEach, expect, test, vi } from 'vitest'
import type { Export } from '@/api/bulk'
import ExportButton from '@/components/ExportButton.vue'
import { businesses, enter } from '@/composables/session'
import { settle, show } from './screen'
import { serve } from './server'

const RUNNING: Export = {
  id: 'exp_1', rev: 1, business: 'biz_1', noun: 'stores', format: 'csv', by_name: '小周', state: 'running', reason: '',
  total: 40_000, rows: 5_000, bytes: 0, sha256: '', created_at: 1, finished_at: null, expires_at: null,
}
const STOPPED: Export = { ...RUNNING, state: 'stopped', rows: 10_000 }
const DONE: Export = { ...RUNNING, state: 'done', rows: 40_000, bytes: 4_096, expires_at: 1_700_000_000_000 }

businesses.value = [{ id: 'biz_1' } as never]
enter({ token: 't', expires_at: 9e15, account: { id: 'acc_1', name: '小周', avatar: '', roles: { biz_1: ['editor'] } } })
afterEach(() => vi.unstubAllGlobals())

test('an export tells how far it is, is stopped, and goes on; it asks for what the list shows', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'], shouldAdvanceTime: true })
  const asked = serve({
    'GET /v1/exports': () => [200, { items: [], next_cursor: null }],
    'POST /v1/exports': () => [201, RUNNING],
    'POST /v1/exports/exp_1/stop': () => [200, STOPPED],
    'POST /v1/exports/exp_1/resume': () => [200, RUNNING],
    'GET /v1/exports/exp_1': () => [200, DONE],
  })
  const page = show(ExportButton, { noun: 'stores', where: { q: '南京', state: '' } })
  await page.tap('export')
  await page.tap('export-begin')
  expect(asked.at(-1)?.body).toMatchObject({ noun: 'stores', where: { q: '南京' }, format: 'csv', bom: true })
  expect(page.text('export-sheet')).toContain('5000 / 40000')
  await page.tap('export-stop')
  expect(page.text('export-sheet')).toContain('10000')
  expect(page.has('export-stop')).toBe(false)
  await page.tap('export-resume')
  await vi.advanceTimersByTimeAsync(1_000)
  vi.useRealTimers()
  await settle()
  expect(page.text('export-file')).toContain('40000')
  expect(page.has('export-back')).toBe(true)
})

test('what was begun before the page was left is taken up; orders are not brought back', async () => {
  serve({ 'GET /v1/exports': () => [200, { items: [{ ...STOPPED, noun: 'rooms' }, { ...STOPPED, noun: 'orders', rows: 7 }], next_cursor: null }] })
  const page = show(ExportButton, { noun: 'orders' })
  await page.tap('export')
  await settle()
  expect(page.text('export-sheet')).toContain('7')
  expect(page.has('export-resume')).toBe(true)
  expect(page.has('export-back')).toBe(false)
})
