const { entrance, member, visitor, coupon, signedIn } = require('../support/facts')
const { startMiniProgram, screen, pictures: shown, tap } = require('../support/wechat')

const PICTURE = 'data:image/svg+xml;base64,PHN2Zy8+'
const code = { code: 'HT1.x', digits: '143339', svg: PICTURE, expires_at: '2036-01-01T00:00:00Z', refresh_in_s: 60 }
const routes = {
  'POST /sessions/mini-program': signedIn(member),
  'GET /members/me': member,
  'GET /members/me/code': code,
  'GET /members/me/coupons': { items: [coupon], next_cursor: null },
}

/** The codes among the pictures: those are drawn into the address. */
function pictures() {
  return shown().filter((address) => address.startsWith('data:'))
}

function asked(log, key) {
  return log.requests.filter((request) => request.key === key).length
}

test('the card opens on the code, with points, tier, coupons and the tasks that are left', async () => {
  const { open } = startMiniProgram(routes)
  await open('card')
  expect(pictures()).toEqual([PICTURE])
  expect(screen()).toContain('12,860')
  expect(screen()).toContain('金卡会员')
  expect(screen()).toContain('6288 0012 3456')
  expect(screen()).toMatch(/(60|59) 秒后自动更新/)
  expect(screen()).toContain('再完成 2 个任务，还可得 100 积分')
  expect(screen()).toContain('入会停车券')
})

test('the screen is bright while the code is seen', async () => {
  const { log, open } = startMiniProgram(routes)
  const page = await open('card')
  expect(log.brightness).toEqual([0.95])
  page.instance.onHide()
  expect(log.brightness).toEqual([0.95, 0.5])
})

test('a refresh fetches another code', async () => {
  const { log, open } = startMiniProgram(routes)
  await open('card')
  await tap('pass__refresh', '刷新')
  expect(asked(log, 'GET /members/me/code')).toBe(2)
})

describe('when a new code cannot be had', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  test('the one that is shown stays for its time, and no longer', async () => {
    let working = true
    const refused = { status: 429, body: { error: { code: 'throttled', message: '请 30 秒后再试', fields: {} } } }
    const { open } = startMiniProgram({ ...routes, 'GET /members/me/code': () => (working ? code : refused) })
    await open('card')
    working = false
    await tap('pass__refresh', '刷新')
    expect(pictures()).toEqual([PICTURE])
    expect(screen()).toContain('请 30 秒后再试')
    await jest.advanceTimersByTimeAsync(61_000)
    expect(pictures()).toEqual([])
    expect(screen()).toMatch(/请 30 秒后再试.*秒后自动重试/)
    working = true
    await tap('btn', '重新获取')
    expect(pictures()).toEqual([PICTURE])
  })
})

test('a session that ran out is renewed in silence and the page loads', async () => {
  const expired = { status: 401, body: { error: { code: 'session_invalid', message: '登录已过期', fields: {} } } }
  const { log, open } = startMiniProgram({
    ...routes,
    'GET /members/me': (request) => (request.header.Authorization === 'Bearer token-1' ? member : expired),
  })
  log.storage.set('huitou.token', 'stale')
  await open('card')
  expect(asked(log, 'POST /sessions/mini-program')).toBe(1)
  expect(screen()).toContain('6288 0012 3456')
  expect(log.navigations).toEqual([])
})

test('a visitor sees what membership gives, and the way in', async () => {
  const { log, open } = startMiniProgram({
    ...routes,
    'POST /sessions/mini-program': signedIn(visitor),
    'GET /entrances/default': entrance,
  })
  await open('card')
  expect(screen()).toContain('餐饮立减 10 元')
  expect(asked(log, 'GET /members/me/code')).toBe(0)
  await tap('btn', '免费加入会员')
  expect(log.navigations).toEqual([['navigateTo', '/pages/join/index']])
})

test('a page that did not load says so and loads on the next try', async () => {
  let broken = true
  const failure = { status: 403, body: { error: { code: 'x', message: '暂时不可用', fields: {} } } }
  const { open } = startMiniProgram({ ...routes, 'GET /members/me/coupons': () => (broken ? failure : { items: [], next_cursor: null }) })
  await open('card')
  expect(screen()).toContain('加载失败')
  expect(screen()).toContain('暂时不可用')
  broken = false
  await tap('btn', '重新加载')
  expect(screen()).toContain('暂时没有可用的券')
})

describe("a coupon's page", () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  test('shows no code any more once a clerk has redeemed it', async () => {
    let shown = { ...coupon, svg: PICTURE }
    const { open } = startMiniProgram({ ...routes, 'GET /members/me/coupons/7': () => shown })
    await open('coupon', { id: '7' })
    expect(pictures()).toEqual([PICTURE])
    shown = { ...shown, status: 'redeemed', redeemed_at: '2026-03-01T02:00:00Z', redeemed_store: '沸腾火锅' }
    await jest.advanceTimersByTimeAsync(16_000)
    expect(screen()).toContain('这张券已经用过了')
    expect(pictures()).toEqual([])
  })
})

describe('while the code is held up at a till', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  const ASKED = { id: 'p1', store: '沸腾火锅', floor: '4F', points: 3000, worth_fen: 3000, status: 'awaiting', confirm_by: '2036-01-01T00:00:00Z' }

  async function held(more) {
    let items = []
    const started = startMiniProgram({ ...routes, 'GET /members/me/points/payments': () => ({ items }), ...more })
    await started.open('card')
    items = [ASKED]
    await jest.advanceTimersByTimeAsync(4500)
    return { ...started, end: () => (items = []) }
  }

  test('what is asked already stands there as the card opens', async () => {
    const { open } = startMiniProgram({ ...routes, 'GET /members/me/points/payments': { items: [ASKED] } })
    await open('card')
    expect(screen()).toContain('确认积分付款')
  })

  test('the store, the points and their worth are asked about, and yes is said once', async () => {
    const { log, end } = await held({ 'POST /members/me/points/payments/p1/confirm': { ...ASKED, status: 'paid' } })
    expect(screen()).toContain('沸腾火锅')
    expect(screen()).toMatch(/3,000\s*积分/)
    expect(screen()).toContain('抵 ¥30.00')
    end()
    await tap('ask__yes', '确认付款')
    await jest.advanceTimersByTimeAsync(100)
    expect(asked(log, 'POST /members/me/points/payments/p1/confirm')).toBe(1)
    expect(screen()).toContain('已付 3,000 积分')
  })

  test('no leaves the points where they are', async () => {
    const { log, end } = await held({ 'POST /members/me/points/payments/p1/decline': { ...ASKED, status: 'released' } })
    end()
    await tap('ask__no', '不付，取消')
    await jest.advanceTimersByTimeAsync(100)
    expect(asked(log, 'POST /members/me/points/payments/p1/decline')).toBe(1)
    expect(screen()).toContain('积分没有扣除')
  })

  test('the points that were held are shown again once nobody has answered in time', async () => {
    const until = Date.now() + 8_500 // the page looks once more before it has counted to the end
    const soon = { ...ASKED, confirm_by: new Date(until).toISOString() }
    const isHeld = () => Date.now() < until - 600
    const { open } = startMiniProgram({
      ...routes,
      'GET /members/me': () => ({ ...member, points: isHeld() ? 9_860 : 12_860 }),
      'GET /members/me/points/payments': () => ({ items: isHeld() ? [soon] : [] }),
    })
    await open('card')
    expect(screen()).toContain('确认积分付款')
    expect(screen()).toContain('9,860')
    await jest.advanceTimersByTimeAsync(9000)
    expect(screen()).toContain('等待确认的积分付款已超时')
    expect(screen()).not.toContain('确认积分付款')
    expect(screen()).toContain('12,860')
  })

  test('what the clerk gave up goes away by itself', async () => {
    const { end } = await held({})
    end()
    await jest.advanceTimersByTimeAsync(4500)
    expect(screen()).not.toContain('确认积分付款')
  })
})
