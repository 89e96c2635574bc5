const { member, coupon, signedIn } = require('../support/facts')
const { startMiniProgram, screen, tap } = require('../support/wechat')

const TASKS = [
  { code: 'preferences', title: '选择喜好', summary: '', reward_points: 50, options: [{ code: 'food', name: '美食' }, { code: 'kids', name: '亲子' }] },
  { code: 'first_order_coupon', title: '领首单券', summary: '', reward_points: 30, options: [{ campaign: 'c1', title: '首单立减', summary: '', face_text: '¥30' }] },
  {
    code: 'subscribe',
    title: '订阅提醒',
    summary: '',
    reward_points: 20,
    options: [
      { template: 'activity', template_id: 'TPL-A', title: '活动提醒' },
      { template: 'benefit', template_id: 'TPL-B', title: '权益到期提醒' },
      { template: 'member_day', template_id: 'TPL-C', title: '会员日提醒' },
    ],
  },
]

/** A server that knows what is done. */
function server() {
  const done = new Set()
  const view = (task) => ({ ...task, done: done.has(task.code), done_at: null })
  const complete = (task) => () => {
    const first = !done.has(task.code)
    done.add(task.code)
    return { task: view(task), points_awarded: first ? task.reward_points : 0, points: 100, granted: task.code === 'first_order_coupon' ? [coupon] : [] }
  }
  return {
    'POST /sessions/mini-program': signedIn(member),
    'GET /members/me': member,
    'GET /members/me/tasks': () => ({ done: done.size, total: 3, items: TASKS.map(view) }),
    ...Object.fromEntries(TASKS.map((task) => [`POST /members/me/tasks/${task.code}/complete`, complete(task)])),
  }
}

function body(log, key) {
  return log.requests.filter((request) => request.key === key).map((request) => request.body)
}

test('preferences: what was chosen is sent, points are celebrated at once, progress moves', async () => {
  const { log, open } = startMiniProgram(server())
  await open('tasks')
  expect(screen()).toContain('已完成 0 / 3')
  await tap('chip', '美食')
  await tap('chip', '亲子')
  await tap('chip', '亲子')
  await tap('btn', '选好了（1）')
  expect(body(log, 'POST /members/me/tasks/preferences/complete')).toEqual([{ categories: ['food'] }])
  expect(screen()).toContain('+50')
  expect(screen()).toContain('积分已到账')
  expect(screen()).toContain('已完成 1 / 3')
})

test('the first-order coupon is claimed by its campaign and named', async () => {
  const { log, open } = startMiniProgram(server())
  await open('tasks')
  await tap('btn', '领取这张券')
  expect(body(log, 'POST /members/me/tasks/first_order_coupon/complete')).toEqual([{ campaign: 'c1' }])
  expect(screen()).toContain('入会停车券 已放进「优惠券」')
})

test('subscribing asks WeChat for the templates of the API and reports every answer', async () => {
  const { log, open } = startMiniProgram(server())
  const asked = []
  global.wx.requestSubscribeMessage = (options) => {
    asked.push(options.tmplIds)
    options.success({ 'TPL-A': 'accept', 'TPL-B': 'reject', 'TPL-C': 'ban' })
  }
  await open('tasks')
  await tap('btn', '一键订阅')
  expect(asked).toEqual([['TPL-A', 'TPL-B', 'TPL-C']])
  expect(body(log, 'POST /members/me/tasks/subscribe/complete')).toEqual([
    { results: { activity: 'accept', benefit: 'reject', member_day: 'reject' } },
  ])
})

test('nothing accepted is nothing done, and says what is missing', async () => {
  const { log, open } = startMiniProgram(server())
  global.wx.requestSubscribeMessage = (options) => options.success({ 'TPL-A': 'reject', 'TPL-B': 'reject', 'TPL-C': 'reject' })
  await open('tasks')
  await tap('btn', '一键订阅')
  expect(body(log, 'POST /members/me/tasks/subscribe/complete')).toEqual([])
  expect(screen()).toContain('至少允许一种提醒')
})
