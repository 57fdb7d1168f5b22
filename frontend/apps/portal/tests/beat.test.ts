import { afterEach, expect, test, vi } from 'vitest'
import { type Beat, beatAddress, readBeat, STUTTER_MS, stutters } from '@/players/beat'

const beat = (longest_gap_ms: number): Beat => ({ longest_gap_ms }) as Beat

afterEach(() => vi.unstubAllGlobals())

test('the figures stand beside the playlist, under the same token', () => {
  expect(beatAddress('http://h:8020/live/prg_1.m3u8?token=a.b')).toBe('http://h:8020/live/prg_1.json?token=a.b')
})

test('a gap that viewers see is a stutter', () => {
  expect(stutters(beat(STUTTER_MS))).toBe(false)
  expect(stutters(beat(STUTTER_MS + 1))).toBe(true)
  expect(stutters(null)).toBe(false)
})

test('a show that is not on the air has no figures', async () => {
  vi.stubGlobal('fetch', async () => new Response('{}', { status: 404 }))
  expect(await readBeat('http://h/live/prg_1.m3u8?token=t', AbortSignal.timeout(1000))).toBeNull()
})
