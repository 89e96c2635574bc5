const { member, coupon, entrance, signedIn, suggestions } = require('../support/facts')
const { startMiniProgram, screen, tap, fire, node, settled } = require('../support/wechat')

const [benefit] = entrance.benefits
const COFFEE = { ...benefit, campaign: 'c7', title: '手冲咖啡', points: 800, cash_fen: 990, price: '800 积分 + ¥9.90', affordable: true, left: 2, gone: false, only_for: null }
const PARKING = { ...benefit, campaign: 'c8', title: '停车券', kind: 'parking', stores: [], points: 500, cash_fen: 0, price: '500 积分', affordable: true, left: 1, gone: false, only_for: null }
const FAR = { ...PARKING, campaign: 'c9', title: '双人票', points: 20_000, price: '20,000 积分', affordable: false }
const GONE = { ...PARKING, campaign: 'c10', title: '手袋', gone: true }
const OFFERS = { available: 12_860, rule: '未使用的券在有效期内可到服务台退回。', items: [COFFEE, PARKING, FAR, GONE] }
const PAY = { appId: 'wx1', timeStamp: '1', nonceStr: 'n', package: 'prepay_id=1', signType: 'RSA', paySign: 's' }
const exchange = (status) => ({ id: 'e1', status, points: 800, cash_fen: 990, coupon: status === 'done' ? '7' : null, close_after: '2036-01-01T00:00:00Z' })

const routes = {
  'POST /sessions/mini-program': signedIn(member),
  'GET /members/me': member,
  'GET /members/me/exchanges': OFFERS,
  'GET /members/me/coupons/7': { ...coupon, svg: 'data:image/svg+xml;base64,PHN2Zy8+' },
}

function sent(log, key) {
  return log.requests.filter((request) => request.key === key)
}


test('what can be had now stands first, and what is in the way is told', async () => {
  const { open } = startMiniProgram(routes)
  await open('exchange')
  const shown = screen()
  expect(shown).toContain('现在就能兑')
  expect(shown).toContain('还差 7,140 积分')
  expect(shown).toContain('已兑完')
  expect(shown.indexOf('手冲咖啡')).toBeLessThan(shown.indexOf('双人票'))
})

test('what points are good for is read anew with the points, whenever their page is shown', async () => {
  const FLASK = { ...FAR, title: '保温杯', price: '13,000 积分', points: 13_000 }
  let have = 12_860
  const { open } = startMiniProgram({
    ...routes,
    'GET /members/me/points': () => ({ available: have, worth_fen: have, owed: 0, factor_bps: 10_000, frozen_points: 0, holds: [], expiring: null, items: [], next_cursor: null }),
    'GET /members/me/exchanges': () => ({ ...OFFERS, available: have, items: [{ ...FLASK, affordable: have >= FLASK.points }] }),
    'GET /members/me/suggestions': suggestions,
    'GET /members/me/circle': { is_offered: false, state: 'never', has_to_submit: false },
  })
  const page = await open('points')
  expect(screen()).toContain('还差 140 积分')
  have = 13_500
  page.instance.onShow()
  await settled()
  expect(screen()).toContain('13,500')
  expect(screen()).not.toContain('还差')
})

test('a coupon for a car park asks nobody to scan it', async () => {
  const { open } = startMiniProgram(routes)
  await open('coupon', { id: '7' })
  expect(screen()).toContain('缴停车费时自动抵扣')
  expect(screen()).not.toContain('店员扫码')
})

test('a coupon that was tapped elsewhere is opened at once', async () => {
  const { open } = startMiniProgram(routes)
  await open('exchange', { campaign: 'c8' })
  expect(screen()).toContain('兑换后剩 12,360')
})

test('points alone are exchanged by one tap, however often it is tapped', async () => {
  const { log, open } = startMiniProgram({ ...routes, 'GET /members/me/exchanges': { ...OFFERS, items: [PARKING] }, 'POST /members/me/exchanges': { exchange: exchange('done'), wechat_pay: null } })
  await open('exchange')
  await tap('exchange', '停车券')
  expect(screen()).toContain('兑换后剩 12,360')
  expect(screen()).toContain('可到服务台退回')
  const button = node('btn--primary', '确认兑换')
  fire(button, 'tap')
  fire(button, 'tap')
  await settled()
  const [request, ...more] = sent(log, 'POST /members/me/exchanges')
  expect(more).toEqual([])
  expect(request.body).toEqual({ campaign: 'c8', points: 500, cash_fen: 0 })
  expect(screen()).toContain('兑换成功')
})

test('who does not pay the cash has the points back', async () => {
  const { log, open } = startMiniProgram({
    ...routes,
    'GET /members/me/exchanges': { ...OFFERS, items: [COFFEE] },
    'POST /members/me/exchanges': { exchange: exchange('awaiting_cash'), wechat_pay: PAY },
    'POST /members/me/exchanges/e1/cancel': exchange('released'),
  })
  global.wx.requestPayment = (options) => options.fail({ errMsg: 'requestPayment:fail cancel' })
  await open('exchange')
  await tap('exchange', '手冲咖啡')
  await tap('btn--primary', '支付 ¥9.90 并兑换')
  expect(sent(log, 'POST /members/me/exchanges/e1/cancel')).toHaveLength(1)
  expect(screen()).toContain('您取消了支付')
})

test('what is missing cannot be tapped into', async () => {
  const { log, open } = startMiniProgram({ ...routes, 'GET /members/me/exchanges': { ...OFFERS, items: [FAR] } })
  await open('exchange')
  await tap('exchange', '双人票')
  fire(node('btn--primary', '还差 7,140 积分'), 'tap')
  await settled()
  expect(sent(log, 'POST /members/me/exchanges')).toEqual([])
})
