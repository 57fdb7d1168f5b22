import { afterEach, expect, test, vi } from 'vitest'
import type { ApiKey } from '@/api/people'
import { businesses } from '@/composables/session'
import KeyNew from '@/parts/people/KeyNew.vue'
import KeySide from '@/parts/people/KeySide.vue'
import { settle, show } from './screen'
import { serve } from './server'

const KEY: ApiKey = {
  id: 'key_1', account: 'acc_1', name: '收银系统', hint: 'abcd', scopes: { biz_1: ['rooms.read'] }, elsewhere: 1, state: 'good',
  made_by_name: '陈澄', created_at: 1, expires_at: 2, last_used_at: 0, revoked_at: 0, rev: 1,
}
const said = { zh: '名', en: 'Name' }
const FORM = {
  noun: 'key',
  base: {
    properties: {
      name: { type: 'string', maxLength: 40, kaibo: { id: 'name', type: 'text', label: said } },
      days: { type: 'integer', default: 90, kaibo: { id: 'days', type: 'integer', label: said, suggests: [30, 90] } },
      scopes: { type: 'array', kaibo: { id: 'scopes', type: 'scopes', label: said } },
    },
    required: ['name', 'scopes'],
  },
}
const OLD: ApiKey = { ...KEY, id: 'key_0', hint: 'zzzz', state: 'expired', last_used_at: 1_700_000_000_000 }

businesses.value = [{ id: 'biz_1' } as never]
afterEach(() => vi.unstubAllGlobals())

test('beside a key stand the others of its service account, each with its state and last use', async () => {
  const asked = serve({ 'GET /v1/keys': () => [200, { items: [KEY, OLD], next_cursor: null }] })
  const side = show(KeySide, { apiKey: KEY, loading: false })
  await settle()
  expect(asked.map(({ path }) => path)).toEqual(['/v1/keys'])
  const lines = side.all('key-of-account').map(({ textContent }) => textContent ?? '')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain('从未使用')
  expect(lines[1]).toContain('已过期')
  expect(lines[1]).toContain('11月14日')
  expect(side.all('other-key')).toHaveLength(1)
})

test('a second key is made for the same service account with the same scopes, and shown once', async () => {
  const asked = serve({
    'GET /v1/forms/key': () => [200, FORM],
    'GET /v1/scopes': () => [200, { scopes: ['rooms.read', 'rooms.edit'] }],
    'POST /v1/keys': () => [201, { key: { ...KEY, id: 'key_2' }, secret: 'kb_secret' }],
  })
  const side = show(KeyNew, { beside: KEY })
  await settle()
  expect(side.text('beside')).toContain('其他业务方')
  await side.submit()
  expect(asked.at(-1)?.body).toEqual({ name: '收银系统', scopes: { biz_1: ['rooms.read'] }, days: 90, account: 'acc_1' })
  expect(side.text('key-secret')).toContain('kb_secret')
})
