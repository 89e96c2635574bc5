const { member, signedIn } = require('../support/facts')
const { startMiniProgram, screen, node, fire, tap, settled } = require('../support/wechat')

const STAY = {
  id: 'p1',
  status: 'paid',
  car_park: 'B2 停车场',
  mall: '悦汇城',
  plate: '沪AD12345',
  entered_at: '2026-01-22T02:00:00Z',
  exited_at: '2026-01-22T04:10:00Z',
  at: '2026-01-22T04:00:00Z',
  due_fen: 2000,
  split: { coupons: 1, coupons_fen: 1000, points: 700, points_fen: 700, cash_fen: 300 },
  refund: null,
  may_ask_invoice: true,
  invoice: null,
}
const ASKED = {
  status: 'asked', refusal: null, amount_fen: 300, title_kind: 'person', title: '张**', tax_no: null, email: 'z***@example.com',
  asked_at: '2026-01-23T02:00:00Z', answered_at: null,
}

function start(items, invoice = ASKED) {
  return startMiniProgram({
    'POST /sessions/mini-program': signedIn(member),
    'GET /members/me': member,
    'GET /members/me/parking/payments': { items, next_cursor: null },
    'POST /members/me/parking/payments/p1/invoice': invoice,
  })
}

test('what was paid adds up, with where and how long', async () => {
  const { open } = start([STAY])
  await open('paid')
  for (const text of ['2026 年 1 月', '2 小时 10 分', '停车费¥20.00', '停车券 1 张¥10.00', '700 积分¥7.00', '微信支付¥3.00']) {
    expect(screen().replace(/ (?=¥)/g, '')).toContain(text)
  }
})

test('money that came too late is on its way back, and has no invoice', async () => {
  const late = { ...STAY, status: 'refunding', refund: { amount_fen: 300, at: null }, may_ask_invoice: false }
  const { open } = start([late])
  await open('paid')
  expect(screen()).toContain('¥3.00 将原路退回')
  expect(screen()).not.toContain('申请发票')
})

test('an invoice is wished for, and what is wrong is said before it is sent', async () => {
  const { log, open } = start([STAY])
  await open('paid')
  await tap('record__act', '申请发票')
  await tap('send', '提交申请')
  expect(screen()).toContain('请填写姓名')
  fire(node('title'), 'input', { value: '张小满' })
  fire(node('email'), 'input', { value: 'zhang@example.com' })
  await settled()
  await tap('send', '提交申请')
  const [sent] = log.requests.filter((request) => request.key.endsWith('/invoice'))
  expect(sent.body).toEqual({ title_kind: 'person', title: '张小满', tax_no: '', email: 'zhang@example.com' })
  expect(screen()).toContain('发票申请已提交（张**）')
})

const WISHED = {
  ...ASKED, id: 'i1', payment: 'p1', car_park: 'B2 停车场', mall: '悦汇城', plate: '沪AD12345', paid_at: '2026-01-22T04:00:00Z',
}

function startInvoices(items) {
  return startMiniProgram({
    'POST /sessions/mini-program': signedIn(member),
    'GET /members/me': member,
    'GET /members/me/parking/invoices': { items, next_cursor: null },
    'POST /members/me/parking/payments/p1/invoice': ASKED,
  })
}

test('every invoice says where it is, and one that was refused is wished for again', async () => {
  const refused = { ...WISHED, status: 'refused', refusal: '邮件被退回', answered_at: '2026-01-24T02:00:00Z' }
  const { log, open } = startInvoices([refused, { ...WISHED, id: 'i2', status: 'issued', answered_at: '2026-01-24T02:00:00Z' }])
  await open('invoices')
  for (const text of ['未能开具', '邮件被退回', '已开具', '已发送到 z***@example.com', '沪A·D12345']) {
    expect(screen()).toContain(text)
  }
  await tap('record__act', '重新申请')
  expect(screen()).toContain('可开票金额 ¥3.00')
  fire(node('title'), 'input', { value: '张小满' })
  fire(node('email'), 'input', { value: 'zhang@example.com' })
  await settled()
  await tap('send', '提交申请')
  expect(log.requests.filter((request) => request.key.endsWith('/p1/invoice'))).toHaveLength(1)
  expect(screen()).toContain('申请中')
  expect(screen()).not.toContain('未能开具')
})

test('without any invoice the way to wish for one is shown', async () => {
  const { log, open } = startInvoices([])
  await open('invoices')
  await tap('btn', '去缴费记录')
  expect(log.navigations).toContainEqual(['navigateTo', '/pages/paid/index'])
})
