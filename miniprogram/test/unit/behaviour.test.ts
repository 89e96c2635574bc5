type Stores = {
  acts: typeof import('@/stores/behaviour')
  session: typeof import('@/stores/session')
  network: typeof import('@/stores/network')
  visit: typeof import('@/stores/visit')
}
interface Told {
  sent_at: string
  events: { id: string; kind: string; at: string; scene: string; page?: string; words?: string; seconds?: number }[]
}

const kept = new Map<string, unknown>()
const shown: string[] = []
let told: Told[] = []
let answers: number[] = []

/** The program as it starts anew on the same phone; nobody is known yet. */
function start(): Stores {
  jest.resetModules()
  const stores: Stores = {
    acts: require('@/stores/behaviour'),
    session: require('@/stores/session'),
    network: require('@/stores/network'),
    visit: require('@/stores/visit'),
  }
  stores.acts.followActs()
  return stores
}

/** Turns of the event loop, in which watchers and answers come through, and as much time as is said. */
async function pass(ms = 0): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms + 1)
}

async function become({ session }: Stores, id: string, status = 'member'): Promise<void> {
  session.setMember({ id, status, mall: { accent: '' } } as never)
  await pass()
}

function kinds(batch: Told): string[] {
  return batch.events.map((act) => act.kind)
}

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-11-29T02:00:00Z') })
  kept.clear()
  shown.length = 0
  told = []
  answers = []
  Object.assign(globalThis, {
    uni: {
      getStorageSync: (key: string) => kept.get(key) ?? '',
      setStorageSync: (key: string, value: unknown) => void kept.set(key, value),
      removeStorageSync: (key: string) => void kept.delete(key),
      navigateTo: ({ url }: { url: string }) => void shown.push(url),
    },
    fetch: async (url: string, { body }: { body: string }) => {
      expect(url).toMatch(/\/api\/v1\/behaviour-events$/)
      told.push(JSON.parse(body) as Told)
      const status = answers.shift() ?? 200
      if (status === 0) throw new TypeError('no network')
      return new Response('{}', { status, headers: status === 429 ? { 'Retry-After': '9' } : {} })
    },
  })
})
afterEach(() => jest.useRealTimers())

test('nothing is noted and nothing sent of whoever is no member', async () => {
  const stores = start()
  stores.acts.pageShown('pages/join/index')
  await become(stores, 'v-1', 'visitor')
  stores.acts.note('route', { subject: 'store:GM-01' })
  stores.acts.putAway()
  await pass(60_000)
  expect(told).toEqual([])
  expect(kept.size).toBe(0)
})

test('a member opens the program, sees pages and is gone: told together, with how long each was seen', async () => {
  const stores = start()
  stores.visit.arrive('lift0000001')
  stores.acts.pageShown('pages/card/index')
  await become(stores, 'm-1')
  await pass(7_000)
  stores.acts.pageShown('pages/stores/index')
  stores.acts.pageShown('pages/stores/index')
  stores.acts.noteSearch(' 火锅\ud83d ')
  stores.acts.noteSearch('火锅')
  expect(told).toEqual([])
  await pass(5_000)
  stores.acts.putAway()
  await pass()
  expect(told).toHaveLength(1)
  expect(kinds(told[0])).toEqual(['open', 'page', 'dwell', 'page', 'search', 'dwell'])
  expect(told[0].events.map(({ page, seconds, words }) => [page, seconds, words])).toEqual([
    [undefined, undefined, undefined],
    ['card', undefined, undefined],
    ['card', 7, undefined],
    ['stores', undefined, undefined],
    [undefined, undefined, '火锅'],
    ['stores', 5, undefined],
  ])
  expect(new Set(told[0].events.map((act) => act.scene))).toEqual(new Set(['lift0000001']))
  expect(new Set(told[0].events.map((act) => act.id)).size).toBe(6)
  expect(Date.parse(told[0].sent_at) - Date.parse(told[0].events[1].at)).toBeGreaterThanOrEqual(12_000)
})

test('many acts are told at once, few after a while, and never twice', async () => {
  const stores = start()
  await become(stores, 'm-1')
  for (let number = 0; number < 19; number += 1) stores.acts.note('share')
  await pass()
  expect(told.map((batch) => batch.events.length)).toEqual([20])
  stores.acts.note('share')
  await pass(29_000)
  expect(told).toHaveLength(1)
  await pass(1_000)
  expect(told.map((batch) => batch.events.length)).toEqual([20, 1])
  await pass(600_000)
  expect(told).toHaveLength(2)
})

test('without a network acts wait, outlive the program, and go when the network is back', async () => {
  let stores = start()
  stores.network.online.value = false
  await become(stores, 'm-1')
  stores.acts.note('route', { subject: 'store:GM-01' })
  stores.acts.putAway()
  await pass(60_000)
  expect(told).toEqual([])
  stores = start()
  stores.network.online.value = false
  await become(stores, 'm-1')
  stores.network.online.value = true
  await pass()
  expect(told.map(kinds)).toEqual([['open', 'route', 'open']])
  expect(kept.size).toBe(0)
})

test.each([
  [0, 2],
  [500, 2],
  [429, 2],
  [401, 2],
  [422, 1],
])('an answer of %i shows nobody anything; the same acts are sent %i times', async (status, times) => {
  const stores = start()
  await become(stores, 'm-1')
  answers = [status]
  await pass(30_000)
  await pass(60_000)
  expect(told).toHaveLength(times)
  expect(new Set(told.map((batch) => batch.events[0].id)).size).toBe(1)
  expect(shown).toEqual([])
})

test('what one member did is never told of another, nor once they have signed out', async () => {
  let stores = start()
  stores.network.online.value = false
  await become(stores, 'm-1')
  stores.acts.putAway()
  expect(kept.size).toBe(1)
  stores = start()
  await become(stores, 'm-2')
  await pass(30_000)
  expect(told.map(kinds)).toEqual([['open']])
  stores.acts.note('share')
  stores.acts.putAway()
  stores.session.leftForGood()
  await pass(60_000)
  expect(told).toHaveLength(2)
  stores.acts.note('share')
  expect(kept.has('huitou.acts')).toBe(false)
})

test('only the latest two hundred wait, and none of them longer than a week', async () => {
  let stores = start()
  stores.network.online.value = false
  await become(stores, 'm-1')
  for (let number = 0; number < 300; number += 1) stores.acts.note('share', { subject: `coupon:${number}` })
  stores.acts.putAway()
  expect((JSON.parse(kept.get('huitou.acts') as string) as Told & { acts: unknown[] }).acts).toHaveLength(200)
  jest.setSystemTime(new Date('2026-12-07T02:00:00Z'))
  stores = start()
  await become(stores, 'm-1')
  await pass(30_000)
  expect(told.map(kinds)).toEqual([['open']])
})
