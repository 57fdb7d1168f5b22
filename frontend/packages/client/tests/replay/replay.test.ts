import { expect, test } from 'vitest'
import type { Offer } from '../../src/api/types'
import { atOf, offsetOf, playlistDuration, readSpans } from '../../src/replay/playlist'
import { ReplayTimeline } from '../../src/replay/timeline'
import type { RoomEvent } from '../../src/room/frames'
import { EMPTY_VIEW } from '../../src/room/view'

const T = Date.parse('2026-11-22T12:00:00.000Z')

/** Six seconds, then the publisher was away for half a minute, then four seconds. */
const PLAYLIST = `#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-MAP:URI="init-0.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:00.000Z
#EXTINF:2.000,
a.m4s
#EXTINF:2.000,
b.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:04.020Z
#EXTINF:2.000,
c.m4s
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:36.000Z
#EXTINF:4.000,
d.m4s
#EXT-X-ENDLIST
`

test('a playlist tells when each part was recorded', () => {
  const spans = readSpans(PLAYLIST)
  expect(spans).toEqual([
    { fromAt: T, offsetMs: 0, durationMs: 6_000 },
    { fromAt: T + 36_000, offsetMs: 6_000, durationMs: 4_000 },
  ])
  expect(playlistDuration(spans)).toBe(10_000)
})

test('positions and moments map to each other, over the gap', () => {
  const spans = readSpans(PLAYLIST)
  expect(atOf(spans, 1_500)).toBe(T + 1_500)
  expect(atOf(spans, 7_000)).toBe(T + 37_000)
  expect(atOf(spans, 99_000)).toBe(T + 40_000)
  expect(offsetOf(spans, T + 37_000)).toBe(7_000)
  expect(offsetOf(spans, T + 20_000)).toBe(6_000)
  expect(offsetOf(spans, T - 1)).toBe(0)
})

const offer: Offer = { id: 'off_1', number: 1, product: 'prd_1', title: '咖啡壶', picture: '', price: { amount: 16900, currency: 'CNY' } }
const user = { id: 'acc_1', name: '木木' }
const EVENTS: RoomEvent[] = [
  { type: 'chat', seq: 1, at: T + 900, user, text: '早' },
  { type: 'pinned', seq: 2, at: T + 1_000, offer: 'off_1', product: 'prd_1' },
  { type: 'chat', seq: 3, at: T + 5_000, seen_at: T + 1_500, user, text: '这个好看' },
  { type: 'unpinned', seq: 4, at: T + 4_000, offer: 'off_1', product: 'prd_1', since_at: T + 1_000, since_seq: 2 },
]

test('the room at a moment is the live room of that moment', () => {
  const timeline = new ReplayTimeline(EVENTS, { ...EMPTY_VIEW, offers: [offer] })
  expect(timeline.viewAt(T + 500).pinned).toBe('')
  expect(timeline.viewAt(T + 2_000).pinned).toBe('off_1')
  expect(timeline.viewAt(T + 4_000).pinned).toBe('')
})

test('chat stands at what its sender saw', () => {
  const timeline = new ReplayTimeline(EVENTS)
  expect(timeline.linesAt(T + 1_400, 10).map(({ text }) => text)).toEqual(['早'])
  expect(timeline.linesAt(T + 1_500, 10).map(({ text }) => text)).toEqual(['早', '这个好看'])
  expect(timeline.linesAt(T + 9_000, 1).map(({ text }) => text)).toEqual(['这个好看'])
})

test('each explanation is a chapter', () => {
  const timeline = new ReplayTimeline(EVENTS, { ...EMPTY_VIEW, offers: [offer] })
  expect(timeline.chapters).toEqual([{ offer, fromAt: T + 1_000, toAt: T + 4_000 }])
})
