/** The client of this build: same origin in the browser, `VITE_API_BASE` in the mini-program. */
import { expireSession, keepSession, sessionToken } from '@/stores/token'

import { Client } from './client'
import { transport } from './transport'

let origin = ''
// #ifndef H5
origin = (import.meta.env.VITE_API_BASE as string | undefined) ?? 'https://member.invalid'
// #endif

/** The whole address of a picture that the server names by its path: uni's H5 would look for it below its own pages. */
export function pictureUrl(path: string): string {
  let home = origin.replace(/\/+$/, '')
  // #ifdef H5
  home = window.location.origin
  // #endif
  return `${home}${path}`
}

export const client = new Client({
  base: `${origin.replace(/\/+$/, '')}/api/v1`,
  transport,
  session: { token: sessionToken, renew: keepSession, expired: expireSession },
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})
