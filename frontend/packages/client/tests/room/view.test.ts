import { expect, test } from 'vitest'
import type { Offer } from '../../src/api/types'
import { Backoff } from '../../src/room/backoff'
import { ServerClock } from '../../src/room/clock'
import { LikeBatch } from '../../src/room/likes'
import type { RoomEvent } from '../../src/room/frames'
import { appendLines, EMPTY_VIEW, evolve, withGrabbed } from '../../src/room/view'
import { chat, until } from './server'

const offer: Offer = { id: 'off_1', number: 1, product: 'prd_1', title: '咖啡壶', picture: '', price: { amount: 16900, currency: 'CNY' } }

test('pin and unpin', () => {
  const pinned = evolve(EMPTY_VIEW, { type: 'pinned', seq: 1, at: 50, offer: 'off_1', product: 'prd_1' })
  expect(pinned).toMatchObject({ pinned: 'off_1', pinned_at: 50 })
  const unpin = { type: 'unpinned', seq: 2, at: 60, product: 'prd_1', since_at: 50, since_seq: 1 } as const
  expect(evolve(pinned, { ...unpin, offer: 'off_2' })).toBe(pinned)
  expect(evolve(pinned, { ...unpin, offer: 'off_1' })).toMatchObject({ pinned: '', pinned_at: null })
})

test('likes never go back, samples and the shelf replace', () => {
  const view = { ...EMPTY_VIEW, likes: 10 }
  expect(evolve(view, { type: 'likes_counted', seq: 1, at: 1, total: 8 }).likes).toBe(10)
  expect(evolve(view, { type: 'audience_sampled', seq: 1, at: 1, viewers: 3, peak: 9 })).toMatchObject({ viewers: 3, peak: 9 })
  expect(evolve(view, { type: 'shelf_set', seq: 1, at: 1, offers: [offer] }).offers).toEqual([offer])
})

test('what is left is counted by offer, and leaves with its offer', () => {
  const shown = evolve(EMPTY_VIEW, { type: 'shelf_set', seq: 1, at: 1, offers: [offer] })
  const counted = evolve(shown, { type: 'stock_counted', seq: 2, at: 1, offers: { off_1: { left: 3, of: 5 } } })
  expect(evolve(counted, { type: 'stock_counted', seq: 3, at: 2, offers: { off_1: { left: 0, of: 5 } } }).stock).toEqual({ off_1: { left: 0, of: 5 } })
  expect(evolve(counted, { type: 'shelf_set', seq: 3, at: 2, offers: [] }).stock).toEqual({})
})

test('going live keeps the first start; the grace ends with the interruption', () => {
  const live = evolve(EMPTY_VIEW, { type: 'program_state', seq: 1, at: 100, state: 'live' })
  expect(live.went_live_at).toBe(100)
  const gone = evolve(live, { type: 'program_state', seq: 2, at: 200, state: 'interrupted', grace_until: 260 })
  expect(gone.grace_until).toBe(260)
  expect(evolve(gone, { type: 'program_state', seq: 3, at: 230, state: 'live' })).toMatchObject({ went_live_at: 100, grace_until: null })
})

const rain = { type: 'rain_announced', seq: 1, at: 1, envelope: 'env_1', total: 900, packets: 3, starts_at: 10, ends_at: 20, commitment: 'ab' } as const

test('a rain from its announcement to its luckiest; of another rain nothing is taken', () => {
  const falling = withGrabbed(evolve(EMPTY_VIEW, rain), 2)
  expect(falling.rain).toMatchObject({ envelope: 'env_1', packets: 3, settled: false, grabbed: 2, luckiest: [] })
  const settled = { type: 'rain_settled', seq: 2, at: 20, seed: '', grabbed: 3, paid: 900, returned: 0 } as const
  expect(evolve(falling, { ...settled, envelope: 'env_0' })).toBe(falling)
  const over = evolve(falling, { ...settled, envelope: 'env_1' })
  expect(over.rain).toMatchObject({ settled: true, grabbed: 3, paid: 900 })
  expect(withGrabbed(over, 1)).toBe(over)
  const luckiest = [{ user: { id: 'acc_1', name: '木木' }, amount: 500, rank: 2 }]
  expect(evolve(over, { type: 'rain_luckiest', seq: 3, at: 20, envelope: 'env_1', luckiest }).rain?.luckiest).toEqual(luckiest)
})

test('an event of a later server changes nothing', () => {
  expect(evolve(EMPTY_VIEW, { type: 'lottery_drawn', seq: 1, at: 1 } as unknown as RoomEvent)).toBe(EMPTY_VIEW)
})

test('each line once, the newest kept', () => {
  const first = appendLines([], [chat(1, '一'), chat(2, '二')], 3)
  const next = appendLines(first, [chat(2, '二'), chat(3, '三'), chat(4, '四')], 3)
  expect(next.map(({ seq }) => seq)).toEqual([2, 3, 4])
})

test('the clock trusts the shortest round trip', () => {
  const clock = new ServerClock(() => 1_000)
  clock.sample(0, 5_400, 800)
  clock.sample(980, 6_000, 1_000)
  expect(clock.offset).toBe(5_010)
  expect(clock.now()).toBe(6_010)
})

test('back-off doubles up to its cap, with jitter below', () => {
  const longest = new Backoff({ baseMs: 100, capMs: 500 }, () => 1)
  expect([longest.next(), longest.next(), longest.next(), longest.next()]).toEqual([100, 200, 400, 500])
  longest.reset()
  expect(longest.next()).toBe(100)
  expect(new Backoff({ baseMs: 100, capMs: 500 }, () => 0).next()).toBe(50)
})

test('likes are gathered, and split at what one command may carry', async () => {
  const sent: number[] = []
  const batch = new LikeBatch((count) => sent.push(count), 10)
  for (let i = 0; i < 61; i += 1) batch.tap()
  expect(sent).toEqual([])
  await until('the batches', () => sent.length === 2)
  expect(sent).toEqual([50, 11])
  batch.tap()
  batch.flush()
  expect(sent).toEqual([50, 11, 1])
})
