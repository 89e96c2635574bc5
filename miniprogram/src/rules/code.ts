/** Codes as people read them aloud at a till. */

/** Groups of four: `ABCD EFGH 12`. */
export function groups(code: string): string {
  return code.replace(/\s+/g, '').replace(/(.{4})(?=.)/g, '$1 ')
}

/** The scene of an opening: the mini-program gets it URL-encoded, a browser does not. */
export function sceneOf(text: string | null | undefined): string {
  if (!text) return ''
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The scene inside what a scan returned: a mini-program path, an H5 address, or the bare scene. */
export function sceneInScan(text: string): string {
  const found = /[?&]scene=([^&#]+)/.exec(text)
  if (found) return sceneOf(found[1])
  return /^[A-Za-z0-9_-]{4,32}$/.test(text) ? text : ''
}

export function isPhone(text: string): boolean {
  return /^1[3-9]\d{9}$/.test(text)
}

export function isSmsCode(text: string): boolean {
  return /^\d{6}$/.test(text)
}
