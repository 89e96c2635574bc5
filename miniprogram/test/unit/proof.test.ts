import { createHash } from 'crypto'

import { sha256, solve } from '@/rules/proof'

const hex = (text: string) => Array.from(sha256(text), (word) => word.toString(16).padStart(8, '0')).join('')

test.each(['', 'abc', 'a'.repeat(55), 'b'.repeat(56), 'c'.repeat(64), 'd'.repeat(130)])('the digest of a text is SHA-256 (%#)', (text) => {
  expect(hex(text)).toBe(createHash('sha256').update(text).digest('hex'))
})

test('a solution makes the digest begin with so many zero bits', async () => {
  const number = await solve('8.1795320000.nonce.digest', 8, async () => undefined)
  expect(createHash('sha256').update(`8.1795320000.nonce.digest:${number}`).digest()[0]).toBe(0)
})
