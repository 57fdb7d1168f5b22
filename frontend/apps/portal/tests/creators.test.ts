import { afterEach, expect, test, vi } from 'vitest'
import type { Creator } from '@/api/types'
import { asked as question } from '@/composables/confirm'
import { useCreatorReview } from '@/composables/creatorReview'
import { settle } from './screen'
import { serve } from './server'

const CREATOR = { id: 'crt_1', rev: 1, business: 'biz_1', account: 'acc_1', name: '阿青', state: 'approved', created_at: 1, updated_at: 1 } as Creator

afterEach(() => vi.unstubAllGlobals())

async function suspending(shows: object | null): Promise<string> {
  serve({
    'GET /v1/programs': () => (shows ? [200, shows] : [503, {}]),
    'GET /v1/uses': () => [200, { items: [], next_cursor: null }],
  })
  const suspended = useCreatorReview(
    () => {},
    async () => {},
  ).suspend(CREATOR)
  await settle()
  const body = question.value?.body ?? ''
  question.value?.answer(null)
  await suspended
  return body
}

test('before a creator is suspended it is told how many of her shows end', async () => {
  expect(await suspending({ items: [{ id: 'prg_1' }, { id: 'prg_2' }], next_cursor: null })).toContain('会结束 2 场直播')
  expect(await suspending({ items: [], next_cursor: null })).not.toContain('场直播')
  expect(await suspending(null)).toContain('正在主持的直播立即结束')
})
