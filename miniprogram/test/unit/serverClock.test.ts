import { Client } from '@/api/client'
import { learnServerTime, serverNow } from '@/api/serverClock'
import { instant, validity } from '@/rules/time'

const NOON = Date.parse('2026-11-28T04:00:00Z')

afterEach(() => learnServerTime(new Date().toISOString()))

test('an answer sets the clock, whatever the phone believes', async () => {
  const answer = { status: 200, body: {}, headers: { 'X-Server-Time': '2026-11-28T04:00:00.250+00:00' } }
  const client = new Client({
    base: '/api/v1',
    transport: async () => answer,
    session: { token: () => '', renew: async () => false, expired: () => undefined },
    wait: async () => undefined,
  })
  await client.get('/members/me/coupons')
  expect(Math.abs(serverNow() - (NOON + 250))).toBeLessThan(60_000)
})

test('a coupon given just now is usable on a phone that is behind', () => {
  const phone = NOON - 5 * 60_000
  learnServerTime('2026-11-28T04:00:01.000Z', phone)
  const line = validity('2026-11-28T04:00:00.9Z', '2026-12-08T16:00:00Z', serverNow(phone))
  expect(line.text).toBe('有效期至 2026-12-08')
})

test('a phone that is ahead promises no less time than there is', () => {
  const phone = NOON + 5 * 60_000
  learnServerTime('2026-11-28T04:00:00.000Z', phone)
  expect(instant('2026-11-28T04:15:00Z') - serverNow(phone)).toBe(15 * 60_000)
})

test('what is no time changes nothing', () => {
  learnServerTime('2026-11-28T04:00:00.000Z', NOON)
  learnServerTime('soon', NOON + 1)
  learnServerTime(undefined, NOON + 1)
  expect(serverNow(NOON)).toBe(NOON)
})
