/** The platform of this build and this opening. */
// #ifdef H5
import { officialAccount } from './h5-oauth'
import { browser } from './h5-sms'
import { hostBridge } from './host-bridge'
import { addressFor, readOpening, rememberReturn, rememberWechat } from './opening'
// #endif
// #ifndef H5
import { miniProgram } from './wx'
// #endif
import type { Platform } from './types'

export interface Launch {
  platform: Platform
  scene: string
  /** Whoever was signed in before, this opening is for whom WeChat names. */
  fresh: boolean
}

/** Decides once per load; in the browser it also tidies the address, so call it before the router starts. */
export function launch(): Launch {
  // #ifdef H5
  return launchInBrowser()
  // #endif
  // #ifndef H5
  return { platform: miniProgram, scene: '', fresh: false }
  // #endif
}

// #ifdef H5
function launchInBrowser(): Launch {
  const asked = readOpening(window.location, window.parent !== window, navigator.userAgent)
  const address = addressFor(asked, window.location, sessionStorage)
  if (address) window.history.replaceState(null, '', address)
  const opening = rememberWechat(asked, sessionStorage)
  const scene = opening.scene || readOpening(window.location, false, '').scene
  if (opening.hosted) return { platform: hostBridge, scene, fresh: true }
  if (!opening.viaWechat) return { platform: browser, scene, fresh: false }
  const leave = (url: string) => window.location.assign(url)
  const whereAmI = () => rememberReturn(window.location, sessionStorage)
  return { platform: officialAccount(opening.oauth, leave, whereAmI), scene, fresh: asked.oauth !== null || asked.asksWechat }
}
// #endif
