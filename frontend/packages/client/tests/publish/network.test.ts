import { expect, test } from 'vitest'
import { judgeNetwork } from '../../src/publish/network'

const BYTES = 375_000 // 3 Mbit

test.each([
  ['enough for the picture', 540, 40, { health: 'good', mbit: 6 }],
  ['a softer picture', 2_040, 40, { health: 'fair', mbit: 1.5 }],
  ['too little goes up', 6_040, 40, { health: 'narrow', mbit: 0.5 }],
  ['answers take too long', 1_400, 900, { health: 'far', mbit: 6 }],
  ['faster than anybody asks', 5, 4, { health: 'good', mbit: 50 }],
  ['a clock that stood still', 0, 0, { health: 'good', mbit: 50 }],
] as const)('%s', (_name, tookMs, roundTripMs, verdict) => {
  expect(judgeNetwork(BYTES, tookMs, roundTripMs)).toEqual(verdict)
})
