const { member, signedIn } = require('../support/facts')
const { startMiniProgram, screen, tap } = require('../support/wechat')

const NOTICE = { cost: { points: 12860, coupons: 1 }, cars_parked: 0, obstacle: null }
const LEFT = { cost: NOTICE.cost, closed_at: '2026-11-22T02:00:00Z' }
const DATA = { exported_at: '2026-11-22T02:00:00Z', profile: { phone: '13812345678' }, points: [] }

function server(changes = {}) {
  return {
    'POST /sessions/mini-program': signedIn(member),
    'GET /members/me': member,
    'GET /members/me/plates': { items: [{ plate: '沪A12345', bound_at: '2026-01-01T00:00:00Z' }] },
    'GET /members/me/data': DATA,
    'GET /members/me/leaving': NOTICE,
    'POST /members/me/leaving': LEFT,
    'DELETE /members/me/subscriptions': { status: 204, body: {} },
    ...changes,
  }
}

const refusal = (status, code, message) => ({ status, body: { error: { code, message, fields: {} } } })
const sent = (log, key) => log.requests.filter((request) => request.key === key)

/** Opens the page and follows the way to the last question. */
async function toLastQuestion(routes) {
  const { log, open } = startMiniProgram(routes)
  await open('data')
  await tap('list__row', '注销会员')
  await tap('agree', '我已了解')
  await tap('btn', '继续注销')
  return log
}

test('the page says what is kept and how leaving and consent hang together', async () => {
  const { open } = startMiniProgram(server())
  await open('data')
  for (const text of ['138****5678', '1 个车牌', '12,860 积分', '撤回对会员协议的同意，就是注销会员']) {
    expect(screen()).toContain(text)
  }
})

test('the export goes to the clipboard as it came', async () => {
  const { log, open } = startMiniProgram(server())
  const copied = []
  global.wx.setClipboardData = (options) => (copied.push(options.data), options.success())
  await open('data')
  await tap('btn', '复制数据（JSON）')
  expect(JSON.parse(copied[0])).toEqual(DATA)
  expect(screen()).toContain('已复制')
  expect(sent(log, 'GET /members/me/data')).toHaveLength(1)
})

test('the readable export opens in the viewer of the phone', async () => {
  const { log, open } = startMiniProgram(server({ 'GET /members/me/data/readable': { name: 'me.pdf', pdf_base64: 'JVBERi0=' } }))
  const written = []
  const opened = []
  global.wx.env = { USER_DATA_PATH: 'wxfile://usr' }
  global.wx.getFileSystemManager = () => ({ writeFile: (options) => (written.push(options), options.success()) })
  global.wx.openDocument = (options) => (opened.push(options), options.success())
  await open('data')
  await tap('btn', '可读版（PDF）')
  expect(written.map((one) => [one.filePath, one.data, one.encoding])).toEqual([['wxfile://usr/me.pdf', 'JVBERi0=', 'base64']])
  expect(opened.map((one) => [one.filePath, one.showMenu])).toEqual([['wxfile://usr/me.pdf', true]])
  expect(screen()).toContain('已打开')
  expect(sent(log, 'GET /members/me/data/readable')).toHaveLength(1)
})

test('a clipboard that is not allowed is told, and so is a refusal of the server', async () => {
  const { open } = startMiniProgram(server())
  global.wx.setClipboardData = (options) => options.fail({ errMsg: 'setClipboardData:fail' })
  await open('data')
  await tap('btn', '复制数据（JSON）')
  expect(screen()).toContain('复制失败')

  const often = startMiniProgram(server({ 'GET /members/me/data': refusal(429, 'throttled', '操作过于频繁，请 5 分钟后再试') }))
  await often.open('data')
  await tap('btn', '复制数据（JSON）')
  expect(screen()).toContain('操作过于频繁，请 5 分钟后再试')
})

test('reminders are taken back after a question, and nothing else happens', async () => {
  const { log, open } = startMiniProgram(server())
  await open('data')
  await tap('list__row', '退订全部提醒')
  expect(sent(log, 'DELETE /members/me/subscriptions')).toEqual([])
  await tap('btn', '确认退订')
  expect(sent(log, 'DELETE /members/me/subscriptions')).toHaveLength(1)
  expect(screen()).toContain('积分和优惠券不受影响')
})

test('leaving names its cost, wants it understood, asks once more, and sends what it told', async () => {
  const { log, open } = startMiniProgram(server())
  await open('data')
  await tap('list__row', '注销会员')
  expect(screen()).toContain('12,860')
  expect(screen()).toContain('无法恢复')
  await tap('agree', '我已了解')
  await tap('btn', '继续注销')
  expect(screen()).toContain('最后确认')
  expect(sent(log, 'POST /members/me/leaving')).toEqual([])
  await tap('btn', '确认注销')
  const [request] = sent(log, 'POST /members/me/leaving')
  expect(request.body).toEqual(NOTICE.cost)
  expect(request.header['Idempotency-Key']).toMatch(/^[\w-]{8,64}$/)
  expect(screen()).toContain('会员已注销')
  expect(log.storage.get('huitou.token')).toBeUndefined()
})

test('nobody is signed in again in silence after leaving', async () => {
  const log = await toLastQuestion(server())
  const before = sent(log, 'POST /sessions/mini-program').length
  await tap('btn', '确认注销')
  await tap('btn', '回到首页')
  expect(sent(log, 'POST /sessions/mini-program')).toHaveLength(before)
  expect(log.navigations).toContainEqual(['switchTab', '/pages/card/index'])
})

test('thinking again leaves everything as it was', async () => {
  const log = await toLastQuestion(server())
  await tap('btn', '再想想')
  expect(sent(log, 'POST /members/me/leaving')).toEqual([])
  expect(screen()).toContain('导出数据文件')
  expect(screen()).not.toContain('最后确认')
})

test('what is under way is named, and there is no way on', async () => {
  const obstacle = { code: 'leaving_payment_open', message: '有一笔停车缴费正在进行' }
  const { open } = startMiniProgram(server({ 'GET /members/me/leaving': { ...NOTICE, obstacle } }))
  await open('data')
  await tap('list__row', '注销会员')
  expect(screen()).toContain('有一笔停车缴费正在进行')
  expect(screen()).not.toContain('继续注销')
})

test('a cost that has grown since is shown anew, and consent is asked for again', async () => {
  const grown = { ...NOTICE, cost: { points: 13000, coupons: 2 } }
  const notices = [NOTICE, grown]
  const log = await toLastQuestion(
    server({
      'GET /members/me/leaving': () => notices.shift(),
      'POST /members/me/leaving': refusal(409, 'leaving_notice_outdated', '您的积分或优惠券有变化，请重新确认后再注销'),
    }),
  )
  await tap('btn', '确认注销')
  expect(screen()).toContain('请重新确认')
  expect(screen()).toContain('13,000')
  expect(screen()).not.toContain('最后确认')
  expect(sent(log, 'POST /members/me/leaving')).toHaveLength(1)
})

test('a session that is over is not renewed to leave as somebody new', async () => {
  const log = await toLastQuestion(server({ 'POST /members/me/leaving': refusal(401, 'session_expired', '登录已过期，请重新登录') }))
  const before = sent(log, 'POST /sessions/mini-program').length
  await tap('btn', '确认注销')
  expect(sent(log, 'POST /sessions/mini-program')).toHaveLength(before)
  expect(screen()).toContain('登录已过期')
})
