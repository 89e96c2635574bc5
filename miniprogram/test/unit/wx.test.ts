import { Declined } from '@/api/errors'
import { answersIn, isDecline, miniProgram, phoneCodeOf } from '@/platform/wx'

type Callbacks = Record<string, (answer?: unknown) => void>

function runtime(parts: Record<string, (options: Callbacks) => void>) {
  Object.assign(global.uni as object, parts)
}

test('the phone button gives its code, or the person said no', () => {
  expect(phoneCodeOf({ detail: { code: 'p1', errMsg: 'getPhoneNumber:ok' } })).toBe('p1')
  expect(() => phoneCodeOf({ detail: { errMsg: 'getPhoneNumber:fail user deny' } })).toThrow(Declined)
})

test('a no is told from a failure', () => {
  expect(isDecline('requestPayment:fail cancel')).toBe(true)
  expect(isDecline('getPhoneNumber:fail user deny')).toBe(true)
  expect(isDecline('requestPayment:fail timeout')).toBe(false)
})

test('anything but accept is a no', () => {
  expect(answersIn({ A: 'accept', B: 'ban', C: 'filter' }, ['A', 'B', 'C', 'D'])).toEqual({ A: 'accept', B: 'reject', C: 'reject', D: 'reject' })
})

test('payment passes on what the server signed and tells cancel from failure', async () => {
  const params = { appId: 'wx1', timeStamp: '1', nonceStr: 'n', package: 'prepay_id=1', signType: 'RSA', paySign: 's' }
  const seen: object[] = []
  runtime({ requestPayment: (options) => (seen.push(options), options.success()) })
  await expect(miniProgram.pay(params)).resolves.toBeUndefined()
  expect(seen[0]).toMatchObject(params)
  runtime({ requestPayment: (options) => options.fail({ errMsg: 'requestPayment:fail cancel' }) })
  await expect(miniProgram.pay(params)).rejects.toThrow('您取消了支付')
  runtime({ requestPayment: (options) => options.fail({ errMsg: 'requestPayment:fail' }) })
  await expect(miniProgram.pay(params)).rejects.toThrow('微信支付失败')
})

test('a switched-off subscription names the switch', async () => {
  runtime({ requestSubscribeMessage: (options) => options.fail({ errMsg: 'requestSubscribeMessage:fail 20004 main switch' }) })
  await expect(miniProgram.subscribe(['A'])).rejects.toThrow('设置 - 订阅消息')
})

test('the screen is bright for the code and then as it was', () => {
  const set: number[] = []
  runtime({
    setKeepScreenOn: () => undefined,
    getScreenBrightness: (options) => options.success({ value: 0.3 }),
    setScreenBrightness: (options) => void set.push((options as unknown as { value: number }).value),
  })
  miniProgram.brighten(true)
  miniProgram.brighten(false)
  miniProgram.brighten(false)
  expect(set).toEqual([0.95, 0.3])
})
