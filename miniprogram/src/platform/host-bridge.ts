/**
 * The H5 twin inside the frame of a host that plays WeChat's runtime: it asks the parent window for what the
 * runtime would give. Only a server in development lets itself be framed, so in production nobody can answer.
 */
import { sessions } from '@/api'
import { Declined } from '@/api/errors'
import { uuid } from '@/rules/ids'

import type { Platform } from './types'
import { answersIn, isDecline } from './wx'

/** Dialogs wait for a person: the limit only catches a host that is not there. */
const TIMEOUT_MS = 5 * 60_000

interface Reply {
  huitou: 1
  id: string
  ok: boolean
  result?: unknown
  error?: { errMsg?: string }
}

export class HostError extends Error {
  constructor(readonly errMsg: string) {
    super(errMsg)
    Object.setPrototypeOf(this, HostError.prototype)
  }
}

/** One question to the parent window; rejects with HostError when it says no or nothing. */
export function ask<T>(method: string, params: object = {}, within: Window = window): Promise<T> {
  return new Promise((resolve, reject) => {
    const id = uuid()
    const finish = (settle: () => void) => {
      within.removeEventListener('message', listen)
      clearTimeout(timer)
      settle()
    }
    const listen = (event: MessageEvent) => {
      const reply = event.data as Reply | null
      if (event.source !== within.parent || reply?.huitou !== 1 || reply.id !== id || reply.ok === undefined) return
      const told = reply.error?.errMsg ?? `${method}:fail`
      finish(() => (reply.ok ? resolve(reply.result as T) : reject(new HostError(told))))
    }
    const timer = setTimeout(() => finish(() => reject(new HostError(`${method}:fail timeout`))), TIMEOUT_MS)
    within.addEventListener('message', listen)
    within.parent.postMessage({ huitou: 1, id, method, params }, parentOrigin(within))
  })
}

export const hostBridge: Platform = {
  kind: 'host-bridge',
  phone: 'ask',
  silent: true,
  // The host may put another person in front of the same browser between two loads.
  keepsToken: false,
  subscribes: true,
  pays: true,
  scans: true,
  downloads: true,

  async signIn(visit) {
    const { code } = await ask<{ code: string }>('login')
    return sessions.miniProgram(code, visit)
  },

  async askPhone() {
    const { code } = await orDecline(ask<{ code: string }>('getPhoneNumber'), '您没有授权手机号，入会需要手机号')
    return code
  },

  async subscribe(templateIds) {
    const answer = await orDecline(
      ask<Record<string, unknown>>('requestSubscribeMessage', { tmplIds: templateIds }),
      '您还没有订阅提醒',
    )
    return answersIn(answer, templateIds)
  },

  async pay(params) {
    await orDecline(ask('requestPayment', params), '您取消了支付')
  },

  async scan() {
    return (await orDecline(ask<{ result: string }>('scanCode'), '未识别到二维码')).result
  },

  async openCircle(plugin) {
    await orDecline(ask('openCircle', plugin), '微信支付没有打开，请重试')
  },

  brighten() {},
}

/** Turns a person's no into Declined and leaves every other failure as it is. */
async function orDecline<T>(question: Promise<T>, message: string): Promise<T> {
  try {
    return await question
  } catch (error) {
    if (error instanceof HostError && isDecline(error.errMsg)) throw new Declined(message)
    throw new Declined('微信没有响应，请重试')
  }
}

/** The narrowest target that is known: params are no secret, but they are nobody else's business. */
function parentOrigin(within: Window): string {
  const above = within.location.ancestorOrigins?.[0]
  if (above && above !== 'null') return above
  try {
    return new URL(within.document.referrer).origin
  } catch {
    return '*'
  }
}
