/** A browser inside WeChat: the official account's OAuth says who it is, without a dialog. */
import { sessions } from '@/api'
import { Declined } from '@/api/errors'
import type { WechatPayParams } from '@/api/types'

import { browser } from './h5-sms'
import type { Opening, Platform } from './types'

interface WeixinJSBridge {
  invoke(name: string, params: object, done: (answer: { err_msg: string }) => void): void
}

/**
 * `oauth` is what WeChat returned the browser with; it is good once. `leave` takes the browser to WeChat's page.
 */
export function officialAccount(oauth: Opening['oauth'], leave: (url: string) => void, whereAmI: () => string): Platform {
  let returned = oauth
  return {
    ...browser,
    kind: 'official-account',
    silent: true,
    pays: true,
    // The browser inside WeChat opens files, but saves none.
    downloads: false,

    async signIn(visit) {
      const fresh = returned
      returned = null
      if (fresh) return sessions.officialAccount(fresh.code, fresh.state, visit)
      const { url } = await sessions.authorizeUrl(whereAmI())
      leave(url)
      // The page goes away: whoever waits keeps its skeleton until then.
      return new Promise<null>(() => undefined)
    },

    pay,
  }
}

/** Pays through the bridge of WeChat's browser. */
function pay(params: WechatPayParams): Promise<void> {
  const bridge = (window as unknown as { WeixinJSBridge?: WeixinJSBridge }).WeixinJSBridge
  if (!bridge) return Promise.reject(new Declined('请在微信中打开后再支付'))
  return new Promise((resolve, reject) => {
    bridge.invoke('getBrandWCPayRequest', params, ({ err_msg: told }) => {
      if (told === 'get_brand_wcpay_request:ok') resolve()
      else reject(new Declined(/cancel/.test(told) ? '您取消了支付' : '微信支付失败，请重试'))
    })
  })
}
