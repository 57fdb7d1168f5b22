import { expect, test } from 'vitest'
import { onOwnOrigin } from '@/players/hls'

test.each([
  ['http://localhost:8000/seg/f/000001.mp4', 'http://127.0.0.1:8000/seg/f/000001.mp4'],
  ['/seg/f/init-0.mp4', 'http://127.0.0.1:8000/seg/f/init-0.mp4'],
  ['http://localhost:8020/live/prg_1.m3u8?token=t', 'http://localhost:8020/live/prg_1.m3u8?token=t'],
  ['http://localhost:8050/kaibo/seg/f/000001.mp4?X-Amz-Signature=s', 'http://localhost:8050/kaibo/seg/f/000001.mp4?X-Amz-Signature=s'],
])('%s is read from %s', (address, from) => {
  expect(onOwnOrigin(address, 'http://127.0.0.1:8000')).toBe(from)
})
