const { entrance, member, visitor, coupon, signedIn } = require('../support/facts')
const { startMiniProgram, screen, node, fire, tap, settled } = require('../support/wechat')

const landing = {
  'GET /entrances/LIFT3F': entrance,
  'POST /entrance-scans': { status: 202, body: {} },
  'POST /sessions/mini-program': signedIn(visitor),
}
const join = { 'POST /members/me/join': { member, granted: [coupon] } }

function sent(log, key) {
  return log.requests.filter((request) => request.key === key)
}

test('a scan shows where one is, what one gets and what one agrees to', async () => {
  const { log, open } = startMiniProgram(landing)
  await open('join', { scene: 'LIFT3F' })
  expect(screen()).toContain('3F 电梯厅')
  expect(screen()).toContain('今天停车 2 小时我们请')
  expect(screen()).toContain('餐饮立减 10 元')
  expect(screen()).toContain('《会员协议》（2026-11）')
  const [scan] = sent(log, 'POST /entrance-scans')
  const [signIn] = sent(log, 'POST /sessions/mini-program')
  expect(scan.body.scene).toBe('LIFT3F')
  expect(signIn.body).toEqual({ code: 'wx-login-code', scene: 'LIFT3F', visit_key: scan.body.visit_key })
})

test('the consent opens in full and closes again', async () => {
  const { open } = startMiniProgram(landing)
  await open('join', { scene: 'LIFT3F' })
  expect(screen()).not.toContain('一、我们收集什么')
  await tap('agree')
  expect(screen()).toContain('一、我们收集什么')
  await tap('btn', '我知道了')
  expect(screen()).not.toContain('一、我们收集什么')
})

test('the phone button joins: two taps, no form', async () => {
  const { log, open } = startMiniProgram({ ...landing, ...join })
  await open('join', { scene: 'LIFT3F' })
  fire(node('btn', '同意协议并加入'), 'getphonenumber', { code: 'phone-1', errMsg: 'getPhoneNumber:ok' })
  await settled()
  const [request] = sent(log, 'POST /members/me/join')
  expect(request.body).toMatchObject({ consent_version: '2026-11', phone_code: 'phone-1', scene: 'LIFT3F' })
  expect(request.header).toMatchObject({ Authorization: 'Bearer token-1' })
  expect(request.header['Idempotency-Key']).toMatch(/^[A-Za-z0-9_-]{8,64}$/)
  expect(screen()).toContain('欢迎加入悦汇城')
  expect(screen()).toContain('入会停车券')
  await tap('btn', '查看我的会员码')
  expect(log.navigations).toEqual([['switchTab', '/pages/card/index']])
})

test('two events of an impatient finger join once', async () => {
  const { log, open } = startMiniProgram({ ...landing, ...join })
  await open('join', { scene: 'LIFT3F' })
  const button = node('btn', '同意协议并加入')
  fire(button, 'getphonenumber', { code: 'phone-1' })
  fire(button, 'getphonenumber', { code: 'phone-1' })
  await settled()
  expect(sent(log, 'POST /members/me/join')).toHaveLength(1)
})

test('who refuses the phone number is told that one is needed, and may join by SMS', async () => {
  const { log, open } = startMiniProgram({ ...landing, ...join })
  await open('join', { scene: 'LIFT3F' })
  fire(node('btn', '同意协议并加入'), 'getphonenumber', { errMsg: 'getPhoneNumber:fail user deny' })
  await settled()
  expect(sent(log, 'POST /members/me/join')).toEqual([])
  expect(screen()).toContain('没有手机号不能入会')
  expect(screen()).toContain('先逛逛')
  await tap('refused__sms', '用短信验证码入会')
  expect(screen()).toContain('验证手机号即可加入')
  expect(screen()).toContain('获取验证码')
  expect(screen()).not.toContain('没有手机号不能入会')
})

test('a changed consent is shown before it is agreed to', async () => {
  const outdated = { status: 409, body: { error: { code: 'consent_outdated', message: '协议已更新', fields: {} } } }
  const { open } = startMiniProgram({ ...landing, 'POST /members/me/join': outdated })
  await open('join', { scene: 'LIFT3F' })
  fire(node('btn', '同意协议并加入'), 'getphonenumber', { code: 'phone-1' })
  await settled()
  expect(screen()).toContain('会员协议刚刚更新')
  expect(screen()).toContain('一、我们收集什么')
})

test('a member who scans again goes straight to the card', async () => {
  const { log, open } = startMiniProgram({ ...landing, 'POST /sessions/mini-program': signedIn(member) })
  await open('join', { scene: 'LIFT3F' })
  expect(log.navigations).toEqual([['switchTab', '/pages/card/index']])
})

test('every benefit says what it asks for, and where it holds', async () => {
  const { open } = startMiniProgram(landing)
  await open('join', { scene: 'LIFT3F' })
  expect(screen()).toContain('满 30 元可用 · 晨光咖啡等 4 家门店')
  expect(screen()).toContain('有效期至 2026-11-28')
  expect(screen()).not.toContain('每张仅可使用一次')
  await tap('benefit')
  expect(screen()).toContain('每张仅可使用一次')
  expect(screen()).toContain('1F')
})

test.each([
  ['stopped', '「3F 电梯厅」的入会码已停用'],
  ['unknown', '未能识别这个二维码'],
])('a %s code says so, and still joins as what it was', async (standing, said) => {
  const { log, open } = startMiniProgram({ ...landing, ...join, 'GET /entrances/LIFT3F': { ...entrance, standing } })
  await open('join', { scene: 'LIFT3F' })
  expect(screen()).toContain(said)
  fire(node('btn', '同意协议并加入'), 'getphonenumber', { code: 'phone-1' })
  await settled()
  expect(sent(log, 'POST /members/me/join')[0].body.scene).toBe('LIFT3F')
})
