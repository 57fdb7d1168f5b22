import { expect, test } from 'vitest'
import { type Moment, ReplayTimeline } from '../../src/replay/timeline'
import { EMPTY_VIEW } from '../../src/room/view'

const user = { id: 'acc_1', name: '木木' }
const MOMENTS: Moment[] = [
  { at_ms: 900, event: { type: 'chat', seq: 1, at: 1, user, text: '早' } },
  { at_ms: 1_000, event: { type: 'pinned', seq: 2, at: 2, offer: 'off_1', product: 'prd_1' } },
  { at_ms: 1_500, event: { type: 'chat', seq: 4, at: 9, seen_at: 3, user, text: '这个好看' } },
  { at_ms: 4_000, event: { type: 'unpinned', seq: 3, at: 5, offer: 'off_1', product: 'prd_1', since_at: 2, since_seq: 2 } },
]

test('the room at a position is the live room of that moment', () => {
  const timeline = new ReplayTimeline(MOMENTS, { ...EMPTY_VIEW, title: '咖啡角' })
  expect([500, 1_000, 3_999, 4_000].map((ms) => timeline.viewAt(ms).pinned)).toEqual(['', 'off_1', 'off_1', ''])
  expect(timeline.viewAt(0).title).toBe('咖啡角')
})

test('going back shows the earlier room again', () => {
  const timeline = new ReplayTimeline(MOMENTS)
  timeline.viewAt(9_000)
  expect(timeline.viewAt(2_000).pinned).toBe('off_1')
})

test('the last lines up to the position', () => {
  const timeline = new ReplayTimeline(MOMENTS)
  expect(timeline.linesAt(899, 10)).toEqual([])
  expect(timeline.linesAt(1_499, 10).map(({ text }) => text)).toEqual(['早'])
  expect(timeline.linesAt(9_000, 10).map(({ text }) => text)).toEqual(['早', '这个好看'])
  expect(timeline.linesAt(9_000, 1).map(({ text }) => text)).toEqual(['这个好看'])
})
