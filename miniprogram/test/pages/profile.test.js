const { member, signedIn } = require('../support/facts')
const { startMiniProgram, screen, tap } = require('../support/wechat')

const BANDS = [{ code: 'age_0_2', name: '0–2 岁' }, { code: 'age_3_6', name: '3–6 岁' }]
const UNTOLD = {
  completeness_bps: 0,
  asks: ['preferences', 'birthday', 'nearby', 'household'],
  preferences: [],
  preference_options: [{ code: 'kids', name: '亲子' }, { code: 'dining', name: '美食' }],
  birthday: null,
  birthday_changes_from: null,
  nearby: null,
  nearby_options: [{ code: 'home', name: '住在附近' }, { code: 'neither', name: '都不在附近' }],
  household: null,
  household_bands: BANDS,
  household_consent: { version: '2026-12', title: '家庭信息单独同意书', body: '一、我们收集什么' },
  most_children: 5,
  profiling: true,
  profiling_off_at: null,
}
const PATH = '/members/me/profile'

/** A server that keeps what it is told; `changes` is what was told before. */
function server(changes = {}, routes = {}) {
  const kept = { ...UNTOLD, ...changes }
  const answered = (field) => (kept.asks = kept.asks.filter((one) => one !== field))
  const keep = (field, of) => ({ body }) => {
    kept[field] = of(body)
    answered(field)
    return { completeness_bps: 3000 }
  }
  return {
    'POST /sessions/mini-program': signedIn(member),
    'GET /members/me': member,
    [`GET ${PATH}`]: () => ({ ...kept }),
    'POST /members/me/tasks/preferences/complete': (request) => {
      keep('preferences', (body) => body.categories)(request)
      return { points_awarded: 50 }
    },
    [`POST ${PATH}/birthday`]: keep('birthday', (body) => ({ ...body, next_on: '2027-07-29' })),
    [`POST ${PATH}/nearby`]: keep('nearby', (body) => body.nearby),
    [`POST ${PATH}/household`]: keep('household', (body) => ({
      children: BANDS.map((band) => ({ ...band, count: body[band.code] })),
      told_at: '2026-11-29T02:00:00Z',
    })),
    [`POST ${PATH}/skips`]: ({ body }) => (answered(body.field), { completeness_bps: 0 }),
    [`POST ${PATH}/profiling`]: ({ body }) => ((kept.profiling = body.profiling), { completeness_bps: 0 }),
    [`DELETE ${PATH}/household`]: () => ((kept.household = null), { status: 204, body: {} }),
    ...routes,
  }
}

const sent = (log, key) => log.requests.filter((request) => request.key === key)
const bodies = (log, key) => sent(log, key).map((request) => request.body)

test('one thing is asked for at a time, with what it is good for, and the next one only on demand', async () => {
  const { log, open } = startMiniProgram(server())
  await open('profile')
  expect(screen()).toContain('您喜欢逛什么？')
  expect(screen()).toContain('先给您看感兴趣的券和活动')
  expect(screen()).not.toContain('您的生日是哪天？')
  await tap('chip', '亲子')
  await tap('btn', '选好了（1）')
  expect(bodies(log, 'POST /members/me/tasks/preferences/complete')).toEqual([{ categories: ['kids'] }])
  expect(screen()).toContain('已保存，获得 50 积分')
  expect(screen()).toContain('记下了，谢谢您。')
  expect(screen()).not.toContain('您的生日是哪天？')
  await tap('btn', '再填一项')
  expect(screen()).toContain('您的生日是哪天？')
})

test('a birthday is two taps, and the year is left out', async () => {
  const { log, open } = startMiniProgram(server({ asks: ['birthday'] }))
  await open('profile')
  await tap('cell', '7 月')
  await tap('cell', '29')
  await tap('btn', '保存 7 月 29 日')
  expect(bodies(log, `POST ${PATH}/birthday`)).toEqual([{ month: 7, day: 29, year: null }])
  expect(screen()).toContain('7 月 29 日')
})

test('what is skipped is told to the server and not asked for again', async () => {
  const { log, open } = startMiniProgram(server({ asks: ['nearby'] }))
  await open('profile')
  await tap('btn', '跳过，不再问')
  expect(bodies(log, `POST ${PATH}/skips`)).toEqual([{ field: 'nearby' }])
  expect(screen()).not.toContain('您平时在附近吗？')
})

test('the household is told only after its own consent', async () => {
  const { log, open } = startMiniProgram(server({ asks: ['household'] }))
  await open('profile')
  expect(screen()).toContain('家里有孩子吗？')
  await tap('btn', '看看需要同意什么')
  expect(screen()).toContain('家庭信息单独同意书')
  expect(screen()).not.toContain('保存：没有 18 岁以下的孩子')
  await tap('btn', '同意并填写')
  await tap('btn', '保存：没有 18 岁以下的孩子')
  expect(bodies(log, `POST ${PATH}/household`)).toEqual([{ consent_version: '2026-12', age_0_2: 0, age_3_6: 0 }])
  expect(screen()).toContain('没有 18 岁以下的孩子')
})

test('who does not agree is not asked again, and nothing is sent of the household', async () => {
  const { log, open } = startMiniProgram(server({ asks: ['household'] }))
  await open('profile')
  await tap('btn', '看看需要同意什么')
  await tap('btn', '不同意')
  expect(bodies(log, `POST ${PATH}/skips`)).toEqual([{ field: 'household' }])
  expect(sent(log, `POST ${PATH}/household`)).toEqual([])
})

test('taking the consent back erases the household', async () => {
  const household = { children: BANDS.map((band) => ({ ...band, count: 1 })), told_at: '2026-11-29T02:00:00Z' }
  const { log, open } = startMiniProgram(server({ asks: [], household }))
  await open('profile')
  expect(screen()).toContain('0–2 岁 1 个、3–6 岁 1 个')
  await tap('list__row', '家庭')
  await tap('btn', '撤回同意并删除')
  expect(sent(log, `DELETE ${PATH}/household`)).toHaveLength(1)
  expect(screen()).not.toContain('0–2 岁 1 个')
})

test('profiling is switched off in one tap, and says what stays', async () => {
  const { log, open } = startMiniProgram(server({ asks: [] }))
  await open('profile')
  expect(screen()).toContain('积分、等级、券和服务消息都不变')
  await tap('tap', '已打开')
  expect(bodies(log, `POST ${PATH}/profiling`)).toEqual([{ profiling: false }])
  expect(screen()).toContain('已关闭')
})

test('a refusal is told, and the page shows how things are', async () => {
  const refused = { status: 409, body: { error: { code: 'birthday_changed_lately', message: '生日一年只能修改一次', fields: {} } } }
  const birthday = { month: 7, day: 5, year: null, next_on: '2027-07-05' }
  const changes = { asks: [], birthday, birthday_changes_from: '2027-11-29' }
  const { log, open } = startMiniProgram(server(changes, { [`POST ${PATH}/birthday`]: refused }))
  await open('profile')
  await tap('list__row', '生日')
  expect(screen()).toContain('2027-11-29 起可再次修改')
  await tap('cell', '31')
  await tap('btn', '保存 7 月 31 日')
  expect(sent(log, `POST ${PATH}/birthday`)).toHaveLength(1)
  expect(screen()).toContain('生日一年只能修改一次')
  expect(screen()).toContain('7 月 5 日')
})
