import { expect, test } from 'vitest'
import { judgeUplink, type UplinkCounts } from '../../src/publish/uplink'

const START: UplinkCounts = { at: 10_000, bytes: 0, frames: 0, captured: 0, loss: 0, roundTripMs: 40, limitedBy: 'none' }
const after = (more: Partial<UplinkCounts>): UplinkCounts => ({ ...START, at: 12_000, bytes: 500_000, frames: 60, captured: 60, ...more })

test('bits and pictures a second, between two counts', () => {
  expect(judgeUplink(START, after({}))).toEqual({ kbps: 2_000, fps: 30, frozen: false, health: 'good' })
})

test.each([
  ['loss', { loss: 0.08 }, 'weak'],
  ['a long way', { roundTripMs: 800 }, 'weak'],
  ['held back by the network, few bits', { limitedBy: 'bandwidth', bytes: 100_000 }, 'weak'],
  ['held back by the network, many bits', { limitedBy: 'bandwidth' }, 'good'],
  ['a still picture', { bytes: 20_000 }, 'good'],
  ['a phone that can not keep up', { limitedBy: 'cpu', frames: 16 }, 'busy'],
  ['a phone that saves some work', { limitedBy: 'cpu', frames: 50 }, 'good'],
  ['nothing goes out', { bytes: 0 }, 'stalled'],
] as const)('%s', (_name, more, health) => {
  expect(judgeUplink(START, after(more)).health).toBe(health)
})

test('counts that began anew are not negative', () => {
  expect(judgeUplink(after({}), { ...START, at: 14_000 })).toMatchObject({ kbps: 0, fps: 0, health: 'stalled' })
})

test('a camera without a new picture is frozen, if the browser counts its pictures', () => {
  expect(judgeUplink(after({}), after({ at: 14_000, bytes: 510_000 })).frozen).toBe(true)
  expect(judgeUplink(after({ captured: null }), after({ at: 14_000, captured: null })).frozen).toBe(false)
})
