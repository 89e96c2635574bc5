/** The mini-program itself. */
import { sessions } from '@/api'
import { Declined } from '@/api/errors'
import type { Answer, CirclePlugin } from '@/api/types'

import type { Platform } from './types'

/** What `<button open-type="getPhoneNumber">` tells. */
export interface PhoneEvent {
  detail: { code?: string; errMsg?: string }
}

/** The code of a phone button's event; throws Declined when the person refused. */
export function phoneCodeOf(event: PhoneEvent): string {
  if (event.detail.code) return event.detail.code
  throw new Declined('您没有授权手机号，入会需要手机号')
}

/** `requestPayment:fail cancel` and `…:fail user deny` are a person's no; anything else is a failure. */
export function isDecline(errMsg: string | undefined): boolean {
  return /cancel|deny/i.test(errMsg ?? '')
}

let brightnessBefore: number | null = null

export const miniProgram: Platform = {
  kind: 'mini-program',
  phone: 'button',
  silent: true,
  keepsToken: true,
  subscribes: true,
  pays: true,
  scans: true,
  downloads: false,

  async signIn(visit) {
    return sessions.miniProgram(await loginCode(), visit)
  },

  askPhone() {
    return Promise.reject(new Error('the phone button gives its code in an event'))
  },

  subscribe(templateIds) {
    return new Promise((resolve, reject) => {
      uni.requestSubscribeMessage({
        tmplIds: templateIds,
        success: (answer) => resolve(answersIn(answer as unknown as Record<string, unknown>, templateIds)),
        fail: (reason) => reject(new Declined(subscribeFailure(reason.errMsg))),
      })
    })
  },

  pay(params) {
    return new Promise((resolve, reject) => {
      uni.requestPayment({
        provider: 'wxpay',
        orderInfo: '',
        ...params,
        signType: params.signType as 'RSA',
        success: () => resolve(),
        fail: (reason: { errMsg?: string }) =>
          reject(new Declined(isDecline(reason.errMsg) ? '您取消了支付' : '微信支付失败，请重试')),
      } as UniApp.RequestPaymentOptions)
    })
  },

  scan() {
    return new Promise((resolve, reject) => {
      uni.scanCode({
        success: (found) => resolve((found as { path?: string }).path || found.result),
        fail: () => reject(new Declined('未识别到二维码')),
      })
    })
  },

  openCircle: import.meta.env.VITE_CIRCLE_PLUGIN ? openCircle : null,

  brighten(on) {
    uni.setKeepScreenOn({ keepScreenOn: on })
    if (on) raiseBrightness()
    else restoreBrightness()
  },
}

/** The plugin's own page; whoever comes back from it sees this one anew. */
function openCircle({ openid, mch_id }: CirclePlugin): Promise<void> {
  const query = `openid=${encodeURIComponent(openid)}&mch_id=${encodeURIComponent(mch_id)}&member_status=1`
  return new Promise((resolve, reject) => {
    uni.navigateTo({
      url: `plugin://business-circle/index?${query}`,
      success: () => resolve(),
      fail: () => reject(new Declined('微信支付没有打开，请重试')),
    })
  })
}

/** Answers of the dialog, reduced to yes and no: a ban or a filter by the platform is a no. */
export function answersIn(answer: Record<string, unknown>, templateIds: string[]): Record<string, Answer> {
  return Object.fromEntries(templateIds.map((id) => [id, answer[id] === 'accept' ? 'accept' : 'reject']))
}

function loginCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({
      provider: 'weixin',
      success: (answer) => (answer.code ? resolve(answer.code) : reject(new Declined('微信登录失败，请重试'))),
      fail: () => reject(new Declined('微信登录失败，请检查网络后重试')),
    })
  })
}

function subscribeFailure(errMsg: string | undefined): string {
  return /20004|main switch/i.test(errMsg ?? '')
    ? '您已关闭订阅消息，请在小程序右上角「设置 - 订阅消息」中打开'
    : '订阅失败，请重试'
}

function raiseBrightness(): void {
  uni.getScreenBrightness({
    success: ({ value }) => {
      brightnessBefore = brightnessBefore ?? value
      uni.setScreenBrightness({ value: 0.95 })
    },
  })
}

function restoreBrightness(): void {
  if (brightnessBefore === null) return
  uni.setScreenBrightness({ value: brightnessBefore })
  brightnessBefore = null
}
