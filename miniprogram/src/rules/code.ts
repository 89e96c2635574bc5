/** Codes as people read them aloud at a till. */

/** Groups of four: `ABCD EFGH 12`. */
export function groups(code: string): string {
  return code.replace(/\s+/g, '').replace(/(.{4})(?=.)/g, '$1 ')
}

const SCENE = /^[A-Za-z0-9_-]{1,32}$/

/** The scene of an opening: the mini-program gets it URL-encoded, a browser does not. Nonsense is no scene. */
export function sceneOf(text: string | null | undefined): string {
  const plain = decoded(text ?? '')
  return SCENE.test(plain) ? plain : ''
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

export function isSmsCode(text: string): boolean {
  return /^\d{6}$/.test(text)
}
