import { afterEach, expect, test, vi } from 'vitest'
import { asked as question } from '@/composables/confirm'
import StoreSide from '@/parts/StoreSide.vue'
import { settle, show } from './screen'
import { serve } from './server'

const STORE = { id: 'sto_1', rev: 2, business: 'biz_1', name: '湖滨店', address: '延安路 258 号', hours: '', phone: '', point: null, active: true, demo: false, created_at: 1, updated_at: 1 }
const use = (n: number) => ({ document: `prg_${n}`, layer: 'program', title: '首发', draft: false, pointers: ['/ext/store'] })

afterEach(() => vi.unstubAllGlobals())

async function retire(uses: object): Promise<string> {
  serve({
    'GET /v1/stores/sto_1': () => [200, STORE],
    'GET /v1/uses': () => [200, uses],
  })
  const side = show(StoreSide, { id: 'sto_1', known: STORE, editable: true })
  await settle()
  await side.tap('store-active')
  const body = question.value?.body ?? ''
  question.value?.answer(null)
  return body
}

test('before something is retired it is told how much refers to it', async () => {
  expect(await retire({ items: [use(1), use(2)], next_cursor: null })).toContain('现在有 2 处用到它')
  expect(await retire({ items: [use(1)], next_cursor: 'prg_1' })).toContain('现在有 1+ 处用到它')
  expect(await retire({ items: [], next_cursor: null })).toContain('没有直播间、节目或内容提到它')
})
