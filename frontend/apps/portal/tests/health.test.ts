import { expect, test } from 'vitest'
import { judge, readEdge } from '@/players/health'

const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:3
#EXT-X-MEDIA-SEQUENCE:14
#EXT-X-MAP:URI="/seg/f/init-1.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:00.000Z
#EXTINF:2.000,
/seg/f/000014.mp4
#EXTINF:2.500,
/seg/f/000015.mp4
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:01:00.000Z
#EXTINF:2.000,
/seg/f/000016.mp4
`
const EDGE_AT = Date.parse('2026-11-22T12:01:02.000Z')

test('the edge is where the newest segment ends, after the last break', () => {
  expect(readEdge(PLAYLIST)).toEqual({ edgeAt: EDGE_AT, targetMs: 3_000, breaks: 1 })
})

test.each(['', '#EXTM3U\n#EXTINF:2.0,\na.mp4\n', '#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:yesterday\n#EXTINF:2,\na.mp4'])('no dated segment, no edge', (playlist) => {
  expect(readEdge(playlist)).toBeNull()
})

test.each([
  [3_000, 'good'],
  [7_000, 'good'],
  [7_001, 'late'],
  [12_000, 'late'],
  [12_001, 'stalled'],
])('a picture %i ms old is %s', (age, health) => {
  expect(judge(readEdge(PLAYLIST), EDGE_AT + age)).toBe(health)
})

test('no picture yet is waited for', () => {
  expect(judge(null, EDGE_AT)).toBe('waiting')
})
