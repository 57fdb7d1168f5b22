import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { RainProof } from '../../src/api/types'
import { bestDigest, CHECKS, splitOf, verifyRain } from '../../src/rain/proof'
import { sha256 } from '../../src/rain/sha256'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('our SHA-256 is SHA-256, across every padding', () => {
  for (let length = 0; length < 200; length += 1) {
    const message = new Uint8Array(randomBytes(length))
    expect(hex(sha256(message))).toBe(createHash('sha256').update(message).digest('hex'))
  }
})

test('the check value of the method, with either SHA-256', async () => {
  const { digest, own } = bestDigest()
  expect(own).toBe(false)
  for (const one of [digest, sha256]) expect(await splitOf(100, 5, new Uint8Array(32), one)).toEqual([42, 8, 35, 6, 9])
})

async function proof(): Promise<RainProof> {
  const seed = '00'.repeat(32)
  const slots = [42, 8, 35, 6, 9]
  const commitment = createHash('sha256').update(`kaibo-rain-1:env_1:100:5:${seed}`).digest('hex')
  const rain = { envelope: 'env_1', program: 'prg_1', total: 100, packets: 5, announced_at: 1, starts_at: 10, ends_at: 20, commitment }
  return {
    method: 'kaibo-rain-1',
    rain: { ...rain, settled_at: 20, grabbed: 2, paid: 50, returned: 50 },
    seed,
    slots,
    grabs: [0, 1].map((slot) => ({ seq: 5 + slot, at: 11 + slot, slot, amount: slots[slot] as number, who: `m${slot}` })),
    you: 'm1',
  }
}

const failed = async (change: (proof: RainProof) => void): Promise<string[]> => {
  const changed = await proof()
  change(changed)
  return (await verifyRain(changed)).filter(({ holds }) => !holds).map(({ name }) => name)
}

test('a true proof holds in every point', async () => {
  const checks = await verifyRain(await proof())
  expect(checks.map(({ name }) => name)).toEqual([...CHECKS])
  expect(checks.every(({ holds }) => holds)).toBe(true)
})

test('before the reveal only that is said', async () => {
  expect(await failed((one) => (one.seed = null))).toEqual(['revealed'])
})

test.each<[string, (proof: RainProof) => void, string]>([
  ['another method', (one) => (one.method = 'dice'), 'method'],
  ['another seed', (one) => (one.seed = '11'.repeat(32)), 'promise'],
  ['other packets', (one) => one.slots.reverse(), 'split'],
  ['another amount', (one) => ((one.grabs[0] as { amount: number }).amount += 1), 'amounts'],
  ['swapped', (one) => one.grabs.reverse(), 'order'],
  ['twice', (one) => ((one.grabs[1] as { who: string }).who = 'm0'), 'once'],
  ['too early', (one) => ((one.grabs[0] as { at: number }).at = 9), 'times'],
  ['too late', (one) => ((one.grabs[1] as { at: number }).at = 20), 'times'],
  ['left out', (one) => void one.grabs.pop(), 'books'],
  ['kept back', (one) => (one.rain.returned -= 1), 'books'],
])('%s is found', async (_, change, name) => {
  expect(await failed(change)).toContain(name)
})
