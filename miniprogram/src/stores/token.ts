/**
 * The bearer token: where it is kept, and whom to ask when it has run out. It knows no platform and no page;
 * the session store registers both, which keeps the client free of them.
 */
const KEY = 'huitou.token'

export interface TokenHome {
  read(): string
  write(token: string): void
}

export interface Recovery {
  /** Signs in again in silence; false when only the person can do it. */
  renew(): Promise<boolean>
  expired(): void
}

let home: TokenHome = memoryHome()
let recovery: Recovery = { renew: async () => false, expired: () => undefined }
let renewing: Promise<boolean> | null = null

/** Kept over restarts of the app. */
export function storedHome(): TokenHome {
  return {
    read: () => (uni.getStorageSync(KEY) as string) || '',
    write: (token) => (token ? uni.setStorageSync(KEY, token) : uni.removeStorageSync(KEY)),
  }
}

/** Forgotten with the page: every load signs in anew. */
export function memoryHome(): TokenHome {
  let held = ''
  return { read: () => held, write: (token) => void (held = token) }
}

export function setUpToken(tokenHome: TokenHome, tokenRecovery: Recovery): void {
  home = tokenHome
  recovery = tokenRecovery
  renewing = null
}

export function sessionToken(): string {
  return home.read()
}

export function storeToken(token: string): void {
  home.write(token)
}

/** Many calls may find the session expired at once; they share one renewal. */
export function keepSession(): Promise<boolean> {
  home.write('')
  renewing = renewing ?? recovery.renew().finally(() => (renewing = null))
  return renewing
}

export function expireSession(): void {
  home.write('')
  recovery.expired()
}
