/** Any browser: the person signs in with a phone number and a code by SMS. */
import { Declined } from '@/api/errors'

import type { Platform } from './types'

const ONLY_WECHAT = '请在微信中打开，再继续这一步'

function onlyWechat(): Promise<never> {
  return Promise.reject(new Declined(ONLY_WECHAT))
}

export const browser: Platform = {
  kind: 'browser',
  phone: 'sms',
  silent: false,
  keepsToken: true,
  subscribes: false,
  pays: false,
  scans: false,
  downloads: true,
  signIn: () => Promise.resolve(null),
  askPhone: onlyWechat,
  subscribe: onlyWechat,
  pay: onlyWechat,
  scan: onlyWechat,
  openCircle: null,
  brighten() {},
}
