/** @jest-environment jsdom */
import { sessions } from '@/api'
import { officialAccount } from '@/platform/h5-oauth'

afterEach(() => jest.restoreAllMocks())

const session = { token: 't', expires_at: '', member: {} }

test('what WeChat returned is exchanged once, a second sign-in leaves for WeChat again', async () => {
  const exchanged = jest.spyOn(sessions, 'officialAccount').mockResolvedValue(session as never)
  jest.spyOn(sessions, 'authorizeUrl').mockResolvedValue({ url: 'https://open.example/authorize' })
  const left: string[] = []
  const platform = officialAccount({ code: 'c1', state: 's1' }, (url) => void left.push(url), () => '/h5/#/pages/me/index')

  await expect(platform.signIn({ scene: 'A' })).resolves.toBe(session)
  expect(exchanged).toHaveBeenCalledWith('c1', 's1', { scene: 'A' })
  expect(left).toEqual([])

  void platform.signIn({})
  await new Promise((resolve) => setTimeout(resolve))
  expect(exchanged).toHaveBeenCalledTimes(1)
  expect(sessions.authorizeUrl).toHaveBeenCalledWith('/h5/#/pages/me/index')
  expect(left).toEqual(['https://open.example/authorize'])
})

test('paying outside of WeChat says where to go', async () => {
  const platform = officialAccount(null, () => undefined, () => '/h5/')
  const params = { appId: '', timeStamp: '', nonceStr: '', package: '', signType: '', paySign: '' }
  await expect(platform.pay(params)).rejects.toThrow('请在微信中打开')
})

test('paying inside goes through the bridge of the browser', async () => {
  const invoked: unknown[] = []
  let told = 'get_brand_wcpay_request:ok'
  Object.assign(window, {
    WeixinJSBridge: {
      invoke(name: string, params: object, done: (answer: object) => void) {
        invoked.push([name, params])
        done({ err_msg: told })
      },
    },
  })
  const platform = officialAccount(null, () => undefined, () => '/h5/')
  const params = { appId: 'wx', timeStamp: '1', nonceStr: 'n', package: 'p', signType: 'RSA', paySign: 's' }
  await expect(platform.pay(params)).resolves.toBeUndefined()
  expect(invoked).toEqual([['getBrandWCPayRequest', params]])
  told = 'get_brand_wcpay_request:cancel'
  await expect(platform.pay(params)).rejects.toThrow('您取消了支付')
})
