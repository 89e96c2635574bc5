const { member, signedIn, suggestions } = require('../support/facts')
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
  paid_split: null,
  due_fen: 2000,
  free_minutes: 30,
  exit_by: null,
  tariff_text: '每小时 ¥5',
}
const QUOTE = {
  quote_id: 'q1',
  valid_until: '2036-01-01T00:00:00Z',
  fee_fen: 2000,
  points_factor_bps: 10_000,
  proposal: { coupons: [COVER], points: { points: 700, covers_fen: 700 }, cash_fen: 300 },
  alternatives: { max_points: 1500, coupons: [COVER] },
}
const PAY = { appId: 'wx1', timeStamp: '1', nonceStr: 'n', package: 'prepay_id=1', signType: 'RSA', paySign: 's' }

const refusal = { status: 429, body: { error: { code: 'throttled', message: '操作过于频繁，请稍后再试', fields: {} } } }

/** One car in the car park; paid as soon as WeChat or coupons and points have covered it. */
function server({ plates = [{ plate: '沪AD12345', bound_at: '' }] } = {}) {
  let paid = false
  let gone = false
  let broken = false
  const exitBy = new Date(Date.now() + 900_000).toISOString()
  const split = { coupons: 1, coupons_fen: 1000, points: 700, points_fen: 700, cash_fen: 300 }
  const payment = () => ({
    id: 'p1', status: paid ? 'paid' : 'awaiting_cash', cash_fen: 300, due_fen: 2000, split, exit_by: paid ? exitBy : null,
  })
  const current = () => ({ ...SESSION, ...(paid ? { due_fen: 0, paid_fen: 2000, paid_split: split, exit_by: exitBy } : {}) })
  return {
    settle: () => (paid = true),
    drive: () => (gone = true),
    fail: (failing) => (broken = failing),
    routes: {
      'POST /sessions/mini-program': signedIn(member),
      'GET /members/me': member,
      'GET /members/me/suggestions': suggestions,
      'GET /members/me/plates': () => ({ items: plates }),
      'GET /members/me/parking': () => {
        if (broken) return refusal
        return { sessions: plates.length && !gone ? [current()] : [] }
      },
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

test('no points, half of them, all of them: one tap each', async () => {
  const { open } = startMiniProgram(server().routes)
  await open('parking')
  await tap('stepper__none', '不用')
  expect(screen()).toMatch(/还需支付\s*¥10\.00/)
  await tap('stepper__half', '用 500')
  expect(screen()).toMatch(/还需支付\s*¥5\.00/)
  await tap('stepper__all', '用满 1,000')
  expect(screen()).toMatch(/还需支付\s*¥0\.00/)
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

test('a plate from elsewhere is written in a field and bound in its one spelling', async () => {
  const { log, open } = startMiniProgram(server({ plates: [] }).routes)
  await open('parking')
  await tap('add', '绑定车牌')
  await tap('switch', '港澳台')
  fire(node('other'), 'input', { value: '无牌' })
  await settled()
  await tap('btn--primary', '绑定')
  expect(screen()).toContain('请检查车牌号是否正确')
  fire(node('other'), 'input', { value: 'ab 1234' })
  await settled()
  await tap('btn--primary', '绑定')
  expect(sent(log, 'POST /members/me/plates').map((request) => request.body)).toEqual([{ plate: 'AB1234' }])
  expect(screen()).toContain('AB1234')
})

describe('while the page is seen', () => {
  const LOOK = 'GET /members/me/parking'

  // Time stands still but for what `pass` and `settled` let pass: a busy machine has no part in it.
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  /** What the page does in this many seconds. */
  const pass = (seconds) => jest.advanceTimersByTimeAsync(seconds * 1000)

  /** The page with a paid car that has to be out in a quarter of an hour. */
  async function paidCar() {
    const backend = server()
    backend.settle()
    const { log, open } = startMiniProgram(backend.routes)
    const page = await open('parking')
    expect(screen()).toContain('已缴清')
    return { ...backend, page, looks: () => sent(log, LOOK).length }
  }

  test('a car that has left is seen to have left, and then nothing more is asked', async () => {
    const { drive, looks } = await paidCar()
    drive()
    await pass(20)
    expect(screen()).not.toContain('已缴清')
    expect(screen()).toContain('没有在场的车')
    const before = looks()
    await pass(300)
    expect(looks()).toBe(before)
  })

  test('a hidden page asks nothing, and a shown one asks at once and goes on', async () => {
    const { page, looks } = await paidCar()
    page.instance.onHide()
    const before = looks()
    await pass(300)
    expect(looks()).toBe(before)
    page.instance.onShow()
    await pass(20)
    expect(looks()).toBeGreaterThanOrEqual(before + 2)
  })

  test('the pace is modest, and slower with every failure, without a word on the page', async () => {
    const { fail, looks } = await paidCar()
    await pass(62)
    expect(looks()).toBe(5)
    fail(true)
    await pass(245)
    expect(looks()).toBe(9)
    expect(screen()).toContain('已缴清')
    expect(screen()).not.toContain('操作过于频繁')
    fail(false)
    await pass(180)
    expect(looks()).toBeGreaterThan(11)
  })

  test('a choice of coupons stays in hand while the fee grows, and a payment elsewhere ends it', async () => {
    const backend = server()
    let due = 2000
    const growing = () => {
      const { sessions } = backend.routes[LOOK]()
      return { sessions: sessions.map((one) => (one.due_fen > 0 ? { ...one, due_fen: due } : one)) }
    }
    const { log, open } = startMiniProgram({ ...backend.routes, [LOOK]: growing })
    await open('parking')
    await tap('line--tap', '2 小时停车券')
    due = 2600
    await pass(20)
    expect(screen()).toMatch(/还需支付\s*¥13\.00/)
    expect(sent(log, 'POST /members/me/parking/ps1/quote')).toHaveLength(1)
    backend.settle()
    await pass(20)
    expect(screen()).toContain('已缴清')
  })
})
