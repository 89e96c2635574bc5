const { mall, member, signedIn } = require('../support/facts')
const { startMiniProgram, fire, node, screen, tap, settled } = require('../support/wechat')

const hotpot = {
  code: 'YH-4F-08', name: '沸腾火锅', floor: '4F', category: 'dining', opens_minute: 0, closes_minute: 0,
  phone: '021-5555 0408', about: '牛油鸳鸯锅', logo: null, picture: null,
  benefits: [{ campaign: 'c1', title: '餐饮立减 10 元', brief: '满 30 元可用 · 晨光咖啡等 4 家门店', given: '入会即得' }],
}
const clothes = { ...hotpot, code: 'YH-2F-12', name: '青禾服饰', floor: '2F', category: 'fashion', about: null, phone: null, benefits: [] }
const directory = {
  mall,
  floors: ['2F', '4F'],
  categories: [{ code: 'dining', name: '餐饮' }, { code: 'fashion', name: '服饰' }],
  items: [clothes, hotpot],
}
const routes = {
  'POST /sessions/mini-program': signedIn(member),
  'GET /entrances/default': { mall },
  'GET /malls/yhc/stores': directory,
}

afterEach(() => jest.useRealTimers())

test('stores stand by floor; a kind leaves those of other kinds out', async () => {
  const { open } = startMiniProgram(routes)
  await open('stores')
  expect(screen()).toMatch(/2F.*青禾服饰.*4F.*沸腾火锅/s)
  await tap('chip', '餐饮')
  expect(screen()).not.toContain('青禾服饰')
  expect(screen()).toContain('沸腾火锅')
})

test('a coupon leads to its store: where, when, how to call it, what holds there', async () => {
  const { open } = startMiniProgram(routes)
  await open('stores', { store: 'YH-4F-08' })
  await settled()
  expect(screen()).toContain('021-5555 0408')
  expect(screen()).toContain('全天营业')
  expect(screen()).toContain('本店可用的券')
  expect(screen()).toContain('入会即得')
})

test('what a member saw, for how long, read and searched for is told when the program is put away', async () => {
  jest.useFakeTimers()
  const { open, log } = startMiniProgram({ ...routes, 'POST /behaviour-events': { accepted: 1, repeated: 0, refused: [] } })
  await open('card')
  await jest.advanceTimersByTimeAsync(5_000)
  await open('stores', { store: 'YH-4F-08' })
  await settled()
  fire(node('search__input'), 'input', { value: '火锅' })
  fire(node('search__input'), 'blur', { value: '火锅' })
  global.startedApp.onHide()
  await settled()
  const told = log.requests.filter((one) => one.key === 'POST /behaviour-events').map((one) => one.body.events)
  expect(told).toHaveLength(1)
  expect(told[0].map(({ kind, page, subject, words }) => [kind, page ?? subject ?? words])).toEqual([
    ['open', undefined], ['page', 'card'], ['route', 'store:YH-4F-08'], ['search', '火锅'], ['dwell', 'card'],
  ])
  expect(told[0].at(-1).seconds).toBe(5)
})
