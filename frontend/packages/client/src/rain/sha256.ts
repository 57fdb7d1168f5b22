/** SHA-256 (FIPS 180-4), for where there is no WebCrypto: a mini-program, a page that came without TLS. */

const FIRST_PRIMES = primes(64)
const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0
const K = FIRST_PRIMES.map((prime) => fraction(Math.cbrt(prime)))
const H = FIRST_PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))

export function sha256(message: Uint8Array): Uint8Array {
  const state = Int32Array.from(H)
  const w = new Int32Array(64)
  const padded = pad(message)
  for (let start = 0; start < padded.byteLength; start += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = padded.getInt32(start + 4 * i)
    for (let i = 16; i < 64; i += 1) {
      const [early, late] = [at(w, i - 15), at(w, i - 2)]
      const s0 = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)
      const s1 = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10)
      w[i] = (at(w, i - 16) + s0 + at(w, i - 7) + s1) | 0
    }
    compress(state, w)
  }
  const digest = new DataView(new ArrayBuffer(32))
  state.forEach((word, i) => digest.setInt32(4 * i, word))
  return new Uint8Array(digest.buffer)
}

function compress(state: Int32Array, w: Int32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (K[i] as number) + at(w, i)) | 0
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
  }
  ;[a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (at(state, i) + word) | 0))
}

/** The message, a one, zeros, and its length in bits, to a multiple of 64 bytes. */
function pad(message: Uint8Array): DataView {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29))
  view.setUint32(padded.length - 4, message.length << 3)
  return view
}

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by))
const at = (words: Int32Array, i: number): number => words[i] as number

function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime)) found.push(n)
  return found
}
