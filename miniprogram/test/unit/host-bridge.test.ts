/** @jest-environment jsdom */
import { Declined } from '@/api/errors'
import { ask, hostBridge, HostError } from '@/platform/host-bridge'

interface Question {
  huitou: number
  id: string
  method: string
  params: Record<string, unknown>
}

/** A parent window that answers as told; `from` lets a stranger answer instead. */
function host(answer: (question: Question) => object, from?: Window) {
  const asked: Question[] = []
  const parent = {
    postMessage(question: Question) {
      asked.push(question)
      const reply = { huitou: 1, id: question.id, ...answer(question) }
      const event = new MessageEvent('message', { data: reply, source: from ?? (window.parent as Window) })
      queueMicrotask(() => window.dispatchEvent(event))
    },
  }
  jest.spyOn(window.parent, 'postMessage').mockImplementation(parent.postMessage as typeof window.postMessage)
  return asked
}

afterEach(() => jest.restoreAllMocks())

test('a question goes to the parent window and its answer comes back', async () => {
  const asked = host(() => ({ ok: true, result: { code: 'c-1' } }))
  await expect(ask('login')).resolves.toEqual({ code: 'c-1' })
  expect(asked[0]).toMatchObject({ huitou: 1, method: 'login', params: {} })
})

test('an answer from anywhere else is not heard', async () => {
  const frame = document.body.appendChild(document.createElement('iframe'))
  host(() => ({ ok: true, result: { code: 'forged' } }), frame.contentWindow as Window)
  const outcome = await Promise.race([ask('login'), new Promise((resolve) => setTimeout(() => resolve('unheard'), 30))])
  expect(outcome).toBe('unheard')
})

test('an answer to another question is not heard', async () => {
  host(() => ({ id: 'someone-else', ok: true, result: { code: 'x' } }))
  const outcome = await Promise.race([ask('login'), new Promise((resolve) => setTimeout(() => resolve('unheard'), 30))])
  expect(outcome).toBe('unheard')
})

test('a no to the phone number is the person deciding, not a failure', async () => {
  host(() => ({ ok: false, error: { errMsg: 'getPhoneNumber:fail user deny' } }))
  await expect(hostBridge.askPhone()).rejects.toBeInstanceOf(Declined)
  host(() => ({ ok: true, result: { code: 'p-1' } }))
  await expect(hostBridge.askPhone()).resolves.toBe('p-1')
})

test('a cancelled payment is told as cancelled', async () => {
  host(() => ({ ok: false, error: { errMsg: 'requestPayment:fail cancel' } }))
  const params = { appId: 'a', timeStamp: '1', nonceStr: 'n', package: 'p', signType: 'RSA', paySign: 's' }
  await expect(hostBridge.pay(params)).rejects.toThrow('您取消了支付')
})

test('subscriptions come back as yes or no for every template that was asked', async () => {
  const asked = host(() => ({ ok: true, result: { A: 'accept', B: 'ban' } }))
  await expect(hostBridge.subscribe(['A', 'B', 'C'])).resolves.toEqual({ A: 'accept', B: 'reject', C: 'reject' })
  expect(asked[0].params).toEqual({ tmplIds: ['A', 'B', 'C'] })
})

test('a refusal of the host keeps its own words for whoever looks', async () => {
  host(() => ({ ok: false }))
  await expect(ask('scanCode')).rejects.toEqual(new HostError('scanCode:fail'))
})
