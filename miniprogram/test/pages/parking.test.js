const { member, signedIn } = require('../support/facts')
const { startMiniProgram, screen, node, fire, tap, settled } = require('../support/wechat')

const COVER = { id: '7', title: '2 小时停车券', minutes: 120, covers_fen: 1000 }
const SESSION = {
  id: 'ps1',
  car_park: 'B2 停车场',
  mall: '悦汇城',
  plate: '沪AD12345',
  entered_at: '2026-11-22T02:00:00Z',
  minutes: 192,
  fee_fen: 2000,
  paid_fen: 0,
  due_fen: 2000,
  free_minutes: 30,
  exit_by: null,
  tariff_text: '每小时 ¥5',
}
const QUOTE = {
  quote_id: 'q1',
  valid_until: '2036-01-01T00:00:00Z',
  fee_fen: 2000,
  proposal: { coupons: [COVER], points: { points: 700, covers_fen: 700 }, cash_fen: 300 },
  alternatives: { max_points: 1500, coupons: [COVER] },
}
const PAY = { appId: 'wx1', timeStamp: '1', nonceStr: 'n', package: 'prepay_id=1', signType: 'RSA', paySign: 's' }

/** One car in the car park; paid as soon as WeChat or coupons and points have covered it. */
function server({ plates = [{ plate: '沪AD12345', bound_at: '' }] } = {}) {
  let paid = false
  const exitBy = new Date(Date.now() + 900_000).toISOString()
  const payment = () => ({ id: 'p1', status: paid ? 'paid' : 'awaiting_cash', cash_fen: 300, exit_by: paid ? exitBy : null })
  const current = () => ({ ...SESSION, ...(paid ? { due_fen: 0, paid_fen: 2000, exit_by: exitBy } : {}) })
  return {
    settle: () => (paid = true),
    routes: {
      'POST /sessions/mini-program': signedIn(member),
      'GET /members/me': member,
      'GET /members/me/plates': () => ({ items: plates }),
      'GET /members/me/parking': () => ({ sessions: plates.length ? [current()] : [] }),
      'POST /members/me/parking/ps1/quote': QUOTE,
      'POST /members/me/parking/ps1/pay': (request) => {
        const cash = 2000 - 1000 * request.body.coupon_ids.length - request.body.points
        if (cash === 0) paid = true
        return { payment: { ...payment(), cash_fen: cash }, wechat_pay: cash === 0 ? null : PAY }
      },
      'GET /members/me/parking/payments/p1': payment,
      'POST /members/me/plates': (request) => {
        plates = [{ plate: request.body.plate, bound_at: '' }]
        return { status: 201, body: { plate: request.body.plate, bound_coupons: 1 } }
      },
    },
  }
}

function sent(log, key) {
  return log.requests.filter((request) => request.key === key)
}

test('the proposed mix is shown as a sum that adds up', async () => {
  const { open } = startMiniProgram(server().routes)
  await open('parking')
  expect(screen()).toMatch(/停车费\s*¥20\.00/)
  expect(screen()).toContain('-¥10.00')
  expect(screen()).toContain('-¥7.00')
  expect(screen()).toMatch(/还需支付\s*¥3\.00/)
  expect(screen()).toContain('支付 ¥3.00')
})

test('without the coupon the sum moves, and back again', async () => {
  const { open } = startMiniProgram(server().routes)
  await open('parking')
  await tap('line--tap', '2 小时停车券')
  expect(screen()).toMatch(/还需支付\s*¥13\.00/)
  await tap('stepper__all', '用满 1,500')
  expect(screen()).toMatch(/还需支付\s*¥5\.00/)
  await tap('line--tap', '2 小时停车券')
  expect(screen()).toMatch(/还需支付\s*¥0\.00/)
  expect(screen()).toContain('确认抵扣，免费出场')
})

test('paying twice in a hurry pays once, then shows until when to leave', async () => {
  const { routes, settle } = server()
  const { log, open } = startMiniProgram(routes)
  const paid = []
  global.wx.requestPayment = (options) => {
    paid.push(options.package)
    settle()
    options.success({})
  }
  await open('parking')
  const button = node('btn--primary', '支付 ¥3.00')
  fire(button, 'tap')
  fire(button, 'tap')
  await settled()
  const [request, ...more] = sent(log, 'POST /members/me/parking/ps1/pay')
  expect(more).toEqual([])
  expect(request.body).toEqual({ quote_id: 'q1', coupon_ids: ['7'], points: 700 })
  expect(request.header['Idempotency-Key']).toMatch(/^[A-Za-z0-9_-]{8,64}$/)
  expect(paid).toEqual(['prepay_id=1'])
  expect(screen()).toContain('已缴清')
  expect(screen()).toMatch(/1[45]:\d\d/)
})

test('a cancelled WeChat payment can be taken up again without reserving anything twice', async () => {
  const { routes, settle } = server()
  const { log, open } = startMiniProgram(routes)
  global.wx.requestPayment = (options) => options.fail({ errMsg: 'requestPayment:fail cancel' })
  await open('parking')
  await tap('btn--primary', '支付 ¥3.00')
  expect(screen()).toContain('您取消了支付')
  global.wx.requestPayment = (options) => (settle(), options.success({}))
  await tap('btn--primary', '继续支付')
  expect(sent(log, 'POST /members/me/parking/ps1/pay')).toHaveLength(1)
  expect(screen()).toContain('已缴清')
})

test('what coupons and points cover needs no payment', async () => {
  const { log, open } = startMiniProgram(server().routes)
  await open('parking')
  await tap('stepper__all', '用满 1,000')
  await tap('btn--primary', '确认抵扣')
  expect(sent(log, 'POST /members/me/parking/ps1/pay')[0].body.points).toBe(1000)
  expect(screen()).toContain('已缴清')
})

test('a quote that ran out is answered with a new one', async () => {
  const { routes } = server()
  const expired = { status: 409, body: { error: { code: 'quote_expired', message: '报价已过期', fields: {} } } }
  const { log, open } = startMiniProgram({ ...routes, 'POST /members/me/parking/ps1/pay': expired })
  await open('parking')
  await tap('btn--primary', '支付 ¥3.00')
  expect(screen()).toContain('报价已过期')
  expect(sent(log, 'POST /members/me/parking/ps1/quote')).toHaveLength(2)
})

test('a new-energy plate is spelled on the keyboard and bound', async () => {
  const { log, open } = startMiniProgram(server({ plates: [] }).routes)
  await open('parking')
  expect(screen()).toContain('先绑定车牌')
  await tap('add', '绑定车牌')
  for (const key of '沪AD12345') await tap('key', key)
  await tap('btn--primary', '绑定')
  expect(sent(log, 'POST /members/me/plates')[0].body).toEqual({ plate: '沪AD12345' })
  expect(screen()).toContain('1 张停车券可用于这辆车')
  expect(screen()).toContain('沪A·D12345')
})
