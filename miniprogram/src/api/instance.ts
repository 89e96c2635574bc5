/** The client of this build: same origin in the browser, `VITE_API_BASE` in the mini-program. */
import { expireSession, keepSession, sessionToken } from '@/stores/token'

import { Client } from './client'
import { uniTransport } from './transport'

let origin = ''
// #ifndef H5
origin = (import.meta.env.VITE_API_BASE as string | undefined) ?? 'https://member.invalid'
// #endif

export const client = new Client({
  base: `${origin.replace(/\/+$/, '')}/api/v1`,
  transport: uniTransport,
  session: { token: sessionToken, renew: keepSession, expired: expireSession },
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})
