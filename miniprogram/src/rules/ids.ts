/** A random UUID (version 4) from the engine's generator, or from Math.random where a phone has none. */
export function uuid(): string {
  const bytes = randomBytes()
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
}

function randomBytes(): Uint8Array {
  const bytes = new Uint8Array(16)
  const source = typeof crypto === 'undefined' ? undefined : crypto
  if (source?.getRandomValues) return source.getRandomValues(bytes)
  // Uniqueness is all that is asked of these ids: they name an intent, they keep no secret.
  return bytes.map(() => Math.floor(Math.random() * 256))
}
