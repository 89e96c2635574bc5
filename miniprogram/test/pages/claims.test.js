const { member, signedIn } = require('../support/facts')
const { startMiniProgram, screen, tap, settled } = require('../support/wechat')

const CLAIM = {
  id: 'c1', state: 'pending', state_name: '审核中', reason: null, store: '沸腾火锅', receipt_no: 'A0173', amount_fen: 28600,
  day: '2026-01-21', may_prove: false, at: '2026-01-22T04:00:00Z',
}
const NOTICE = { template: 'receipt', template_id: 'TPL-R', title: '审核结果通知' }

async function scanned(state) {
  const { log, open } = startMiniProgram({
    'POST /sessions/mini-program': signedIn(member),
    'GET /members/me': member,
    'GET /members/me/receipt-claims': { items: [], next_cursor: null, days: 7, left: 5, notice: NOTICE },
    'POST /members/me/receipt-claims': { ...CLAIM, state },
    'POST /members/me/subscriptions': { stock: { receipt: 1 } },
  })
  const dialogs = []
  Object.assign(global.wx, {
    scanCode: ({ success }) => success({ result: 'R1' }),
    requestSubscribeMessage: (options) => {
      dialogs.push(options.tmplIds)
      options.success({ 'TPL-R': 'accept' })
    },
  })
  await open('claims')
  await tap('scan', '扫小票上的二维码')
  await settled()
  return { log, dialogs }
}

test('a claim that is credited at once asks for no message', async () => {
  const { dialogs } = await scanned('approved')
  expect(screen()).toContain('补登成功，积分已到账')
  expect(screen()).not.toContain('通知我')
  expect(dialogs).toEqual([])
})

test('a claim that goes to people offers to tell of the result', async () => {
  const { log, dialogs } = await scanned('pending')
  expect(dialogs).toEqual([])
  expect(screen()).toContain('「沸腾火锅」的小票正在审核')
  await tap('waiting__yes', '通知我')
  await settled()
  expect(dialogs).toEqual([['TPL-R']])
  expect(log.requests.filter((one) => one.key === 'POST /members/me/subscriptions')).toHaveLength(1)
  expect(screen()).not.toContain('正在审核')
})
