/** Reads how the H5 twin was opened, and puts the address in order before the router looks at it. */
import { sceneOf } from '@/rules/code'

import type { Opening } from './types'

const HOME = '/h5/'
const JOIN = '#/pages/join/index'
const RETURN_KEY = 'huitou.return'
const WECHAT_KEY = 'huitou.via-wechat'

/** Facts of the address; `framed` says whether a parent window exists to be a host. */
export function readOpening(location: Location, framed: boolean, userAgent: string): Opening {
  const search = new URLSearchParams(location.search)
  const inHash = new URLSearchParams(location.hash.split('?')[1] ?? '')
  const code = search.get('code')
  const state = search.get('state')
  const back = location.pathname.replace(/\/+$/, '').endsWith('/oauth') && code !== null && state !== null
  return {
    scene: sceneOf(search.get('scene') ?? inHash.get('scene')),
    hosted: framed && search.get('host') === 'phone',
    viaWechat: search.get('via') === 'wechat' || /MicroMessenger/i.test(userAgent) || back,
    asksWechat: search.get('via') === 'wechat',
    oauth: back ? { code: code as string, state: state as string } : null,
  }
}

/**
 * A scanned address without a page goes to the join page; the way back from OAuth goes to where it was left,
 * and its one-time code leaves the address bar.
 */
export function addressFor(opening: Opening, location: Location, storage: Storage): string | null {
  if (opening.oauth) return storage.getItem(RETURN_KEY) ?? told(location) ?? HOME
  if (opening.scene && location.hash.replace(/^#\/?/, '') === '') return location.pathname + location.search + JOIN
  return null
}

/** Where the server was told to come back to: only ever a page of ours. */
function told(location: Location): string | null {
  const path = new URLSearchParams(location.search).get('to')
  return path?.startsWith(HOME) ? path : null
}

/** Remembers where to come back to after OAuth; returns the path for the server. */
export function rememberReturn(location: Location, storage: Storage): string {
  const path = location.pathname + location.search + location.hash
  storage.setItem(RETURN_KEY, path)
  return path
}

/** Once in WeChat's way of signing in, always in this tab, also after `via` has left the address. */
export function rememberWechat(opening: Opening, storage: Storage): Opening {
  if (opening.viaWechat) storage.setItem(WECHAT_KEY, '1')
  return { ...opening, viaWechat: opening.viaWechat || storage.getItem(WECHAT_KEY) === '1' }
}
