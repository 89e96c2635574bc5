import { Client, type WireRequest, type WireResponse } from '@/api/client'
import { ApiError } from '@/api/errors'

type Step = Partial<WireResponse> | 'lost'

function setUp(steps: Step[], facts: { renews?: boolean; token?: string } = {}) {
  const sent: WireRequest[] = []
  const waits: number[] = []
  const events: string[] = []
  let token = facts.token ?? 't1'
  const client = new Client({
    base: '/api/v1',
    transport: async (request) => {
      sent.push(request)
      const step = steps.shift()
      if (step === undefined) throw new Error('more calls than expected')
      if (step === 'lost') throw new Error('request:fail timeout')
      return { status: 200, body: {}, headers: {}, ...step }
    },
    session: {
      token: () => token,
      renew: async () => {
        events.push('renew')
        token = facts.renews ? 't2' : ''
        return facts.renews ?? false
      },
      expired: () => void events.push('expired'),
    },
    wait: async (ms) => void waits.push(ms),
  })
  return { client, sent, waits, events }
}

const refusal = (code: string, message: string, status = 422) => ({ status, body: { error: { code, message, fields: { plate: 'x' } } } })

test('a read carries the token and its query, and no key', async () => {
  const { client, sent } = setUp([{ body: { points: 5 } }])
  await expect(client.get('/members/me/points', { query: { cursor: 'a b', limit: undefined } })).resolves.toEqual({ points: 5 })
  expect(sent[0]).toEqual({
    method: 'GET',
    url: '/api/v1/members/me/points?cursor=a%20b',
    headers: { Accept: 'application/json', Authorization: 'Bearer t1' },
    body: undefined,
  })
})

test('a lost answer to a command is asked again with the same key', async () => {
  const { client, sent, waits } = setUp(['lost', { status: 503 }, { body: { ok: 1 } }])
  await expect(client.post('/x', { body: { a: 1 }, key: 'key-0001' })).resolves.toEqual({ ok: 1 })
  expect(sent.map((request) => request.headers['Idempotency-Key'])).toEqual(['key-0001', 'key-0001', 'key-0001'])
  expect(waits).toEqual([300, 900])
})

test('a post without a key is never repeated: it could act twice', async () => {
  const { client, sent } = setUp(['lost'])
  await expect(client.post('/sms-codes', { body: {}, anonymous: true })).rejects.toMatchObject({ code: 'offline', kind: 'offline' })
  expect(sent).toHaveLength(1)
})

test('a network that stays away ends in a clear error', async () => {
  const { client, sent } = setUp(['lost', 'lost', 'lost'])
  await expect(client.get('/x')).rejects.toMatchObject({ message: '网络不给力，请检查网络后重试', repeatable: true })
  expect(sent).toHaveLength(3)
})

test('a refusal is final and keeps the code, text and facts of the server', async () => {
  const { client, sent } = setUp([refusal('plate_taken', '这个车牌已被绑定', 409)])
  const error = await client.post('/members/me/plates', { body: {}, key: 'k' }).catch((reason) => reason)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ code: 'plate_taken', message: '这个车牌已被绑定', kind: 'refused', repeatable: false, fields: { plate: 'x' } })
  expect(sent).toHaveLength(1)
})

test('an expired session is renewed once and the call repeated with the new token and the same key', async () => {
  const { client, sent, events } = setUp([refusal('session_invalid', '', 401), { body: { ok: 1 } }], { renews: true })
  await expect(client.post('/x', { key: 'k1' })).resolves.toEqual({ ok: 1 })
  expect(sent.map((request) => request.headers.Authorization)).toEqual(['Bearer t1', 'Bearer t2'])
  expect(sent.map((request) => request.headers['Idempotency-Key'])).toEqual(['k1', 'k1'])
  expect(events).toEqual(['renew'])
})

test('where nobody can renew in silence the person is sent to sign in', async () => {
  const { client, events } = setUp([refusal('session_invalid', '登录已过期', 401)])
  await expect(client.get('/x')).rejects.toMatchObject({ kind: 'unauthenticated', message: '登录已过期' })
  expect(events).toEqual(['renew', 'expired'])
})

test('a renewed session that is refused again is not renewed for ever', async () => {
  const { client, sent, events } = setUp([refusal('a', '', 401), refusal('a', '', 401)], { renews: true })
  await expect(client.get('/x')).rejects.toMatchObject({ kind: 'unauthenticated' })
  expect(sent).toHaveLength(2)
  expect(events).toEqual(['renew'])
})

test('a call that comes back late finds the session renewed already and uses it', async () => {
  const late = refusal('session_invalid', '', 401)
  const { client, sent, events } = setUp([late, late, { body: 1 }, { body: 2 }], { renews: true })
  await expect(Promise.all([client.get('/a'), client.get('/b')])).resolves.toEqual(expect.arrayContaining([1, 2]))
  expect(events.filter((event) => event === 'expired')).toEqual([])
  expect(sent.slice(2).map((request) => request.headers.Authorization)).toEqual(['Bearer t2', 'Bearer t2'])
})

test('sign-in itself never runs into the renewal', async () => {
  const { client, events } = setUp([refusal('code_invalid', '', 401)])
  await expect(client.post('/sessions/sms', { anonymous: true })).rejects.toMatchObject({ code: 'code_invalid' })
  expect(events).toEqual([])
})

test('a page of a proxy instead of JSON still becomes a Chinese error', async () => {
  const { client } = setUp([{ status: 404, body: '<html>Not Found</html>' }])
  await expect(client.get('/x')).rejects.toMatchObject({ code: 'http_404', message: '未找到您要的内容' })
})

test('how long to wait is read from the header, however it is spelled', async () => {
  const { client } = setUp([{ status: 429, body: {}, headers: { 'retry-after': '42' } }])
  await expect(client.post('/sms-codes')).rejects.toMatchObject({ retryAfter: 42, message: '操作过于频繁，请 42 秒后再试' })
})

test('a call that costs a proof is proved and sent again, once', async () => {
  const asks = { status: 429, body: { error: { code: 'proof_required', message: '', fields: { challenge: '4.1.n.d', bits: 4 } } } }
  const { client, sent } = setUp([asks, { body: { ok: 1 } }])
  await expect(client.post('/sms-codes', { body: { phone: '1' }, anonymous: true })).resolves.toEqual({ ok: 1 })
  expect(sent[0].headers['X-Proof']).toBeUndefined()
  expect(sent[1].headers['X-Proof']).toMatch(/^4\.1\.n\.d \d+$/)
  const stubborn = setUp([asks, asks])
  await expect(stubborn.client.post('/sms-codes', { body: {}, anonymous: true })).rejects.toMatchObject({ code: 'proof_required' })
})
