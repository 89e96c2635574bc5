/**
 * A small proof of work: a number that makes the SHA-256 of `challenge:number` begin with so many zero bits. The server
 * asks for one when many tries came before; the portals' pages use this file, too.
 */
const FIRST = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]
const K = roundConstants()
/** So many tries between two breaths of the page. */
const SLICE = 20_000

/** Fractions of the cube roots of the first 64 primes, as FIPS 180-4 has them. */
function roundConstants(): Uint32Array {
  const constants = new Uint32Array(64)
  let found = 0
  for (let candidate = 2; found < 64; candidate += 1) {
    let isPrime = true
    for (let factor = 2; factor * factor <= candidate; factor += 1) isPrime = isPrime && candidate % factor !== 0
    if (isPrime) constants[found++] = fraction(Math.cbrt(candidate))
  }
  return constants
}

function fraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 0x100000000)
}

/** The SHA-256 of a short ASCII text, as eight words. */
export function sha256(text: string): Uint32Array {
  const blocks = ((text.length + 8) >> 6) + 1
  const words = new Uint32Array(blocks * 16)
  for (let i = 0; i < text.length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i & 3) * 8)
  words[text.length >> 2] |= 0x80 << (24 - (text.length & 3) * 8)
  words[words.length - 1] = text.length * 8
  const state = Uint32Array.from(FIRST)
  const schedule = new Uint32Array(64)
  for (let block = 0; block < words.length; block += 16) mix(state, schedule, words, block)
  return state
}

function mix(state: Uint32Array, w: Uint32Array, words: Uint32Array, at: number): void {
  for (let i = 0; i < 64; i += 1) {
    if (i < 16) w[i] = words[at + i]
    else {
      const x = w[i - 15]
      const y = w[i - 2]
      const low = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)
      const high = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)
      w[i] = w[i - 16] + low + w[i - 7] + high
    }
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7]
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g; g = f; f = e; e = (d + one) | 0
    d = c; c = b; b = a; a = (one + two) | 0
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d
  state[4] += e; state[5] += f; state[6] += g; state[7] += h
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

function isSolved(text: string, bits: number): boolean {
  const first = sha256(text)[0]
  return bits < 32 && first >>> (32 - bits) === 0
}

/** Solves a challenge, slice by slice, so that the page stays alive. `breathe` gives it time between two. */
export async function solve(challenge: string, bits: number, breathe: () => Promise<void>): Promise<string> {
  for (let number = 0; ; number += 1) {
    if (isSolved(`${challenge}:${number}`, bits)) return String(number)
    if (number % SLICE === SLICE - 1) await breathe()
  }
}
