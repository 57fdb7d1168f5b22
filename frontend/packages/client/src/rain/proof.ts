import type { RainProof } from '../api/types'
import { sha256 } from './sha256'

/** docs/fairness.md is what this follows; docs/verify_rain.py is the same, for whoever does not trust a page. */
const METHOD = 'kaibo-rain-1'

/** SHA-256 of bytes. */
export type Digest = (bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array

/** The platform's own SHA-256 where there is one, else ours. */
export function bestDigest(): { digest: Digest; own: boolean } {
  const subtle = typeof crypto === 'undefined' ? undefined : crypto.subtle
  if (!subtle) return { digest: sha256, own: true }
  return { digest: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)), own: false }
}

export const CHECKS = ['method', 'revealed', 'promise', 'split', 'sum', 'order', 'amounts', 'once', 'times', 'books'] as const
export type CheckName = (typeof CHECKS)[number]
export interface Check {
  name: CheckName
  holds: boolean
}

/** Computes a rain again. Checks that need the seed are left out while it is not revealed. */
export async function verifyRain(proof: RainProof, digest: Digest = bestDigest().digest): Promise<Check[]> {
  const { rain, seed, grabs, slots } = proof
  const said = (name: CheckName, holds: boolean): Check => ({ name, holds })
  const begun = [said('method', proof.method === METHOD), said('revealed', !!seed)]
  if (!seed || !/^([0-9a-f]{2})+$/.test(seed)) return begun
  const promise = `${METHOD}:${rain.envelope}:${rain.total}:${rain.packets}:${seed}`
  const amounts = await splitOf(rain.total, rain.packets, fromHex(seed), digest)
  const sum = (parts: readonly number[]): number => parts.reduce((all, part) => all + part, 0)
  const paid = sum(grabs.map(({ amount }) => amount))
  return [
    ...begun,
    said('promise', toHex(await digest(ascii(promise))) === rain.commitment),
    said('split', same(amounts, slots)),
    said('sum', sum(amounts) === rain.total),
    said('order', grabs.every(({ slot, seq }, i) => slot === i && (i === 0 || seq > (grabs[i - 1]?.seq ?? seq)))),
    said('amounts', same(grabs.map(({ amount }) => amount), amounts.slice(0, grabs.length))),
    said('once', new Set(grabs.map(({ who }) => who)).size === grabs.length),
    said('times', grabs.every(({ at }) => rain.starts_at <= at && at < rain.ends_at)),
    said('books', grabs.length === rain.grabbed && paid === rain.paid && rain.total - paid === rain.returned),
  ]
}

/** What each packet is worth: the line of `total` cut at the first draws of a Fisher-Yates shuffle. */
export async function splitOf(total: number, packets: number, seed: Uint8Array, digest: Digest): Promise<number[]> {
  const draw = draws(seed, digest)
  const places = new Map<number, number>()
  const cuts: number[] = []
  for (let first = 0; first < packets - 1; first += 1) {
    const drawn = first + (await draw(total - 1 - first))
    cuts.push((places.get(drawn) ?? drawn) + 1)
    places.set(drawn, places.get(first) ?? first)
  }
  const edges = [0, ...cuts.sort((a, b) => a - b), total]
  return edges.slice(1).map((edge, i) => edge - (edges[i] ?? 0))
}

/** Numbers below a bound, each from the first 8 bytes of SHA-256 over seed and counter, without bias. */
function draws(seed: Uint8Array, digest: Digest): (left: number) => Promise<number> {
  const message = new Uint8Array(seed.length + 8)
  message.set(seed)
  const counter = new DataView(message.buffer, seed.length)
  let count = 0
  return async (left) => {
    for (;;) {
      counter.setUint32(4, count)
      count += 1
      const block = await digest(message)
      const view = new DataView(block.buffer, block.byteOffset)
      const [high, low] = [view.getUint32(0), view.getUint32(4)]
      if (high < 0xffffffff || low < 2 ** 32 - rest(2 ** 32 - 1, 2 ** 32 - 1, left, 1)) return rest(high, low, left)
    }
  }
}

/** `(high * 2^32 + low + more) mod left`, without leaving the integers a number holds; `left` is below 2^32. */
function rest(high: number, low: number, left: number, more = 0): number {
  const chunks = [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff]
  return (chunks.reduce((carried, chunk) => (carried * 0x10000 + chunk) % left, 0) + more) % left
}

const same = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, i) => value === other[i])
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
