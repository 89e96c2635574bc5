const { member, suggestions, signedIn } = require('../support/facts')
const { startMiniProgram, screen, tap } = require('../support/wechat')

const ASKED = { id: 'p1', store: '沸腾火锅', floor: '4F', points: 3000, worth_fen: 3000, status: 'awaiting', confirm_by: '2036-01-01T00:00:00Z' }
const HOLD = { id: '1', points: 3000, title: '积分付款：沸腾火锅', payment: 'p1', at: '2026-01-22T04:00:00Z', until: '2036-01-01T00:00:00Z' }

describe('while a till asks for points', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  test('the page of points comes to show them as held, and leads to yes', async () => {
    let asks = false
    const { log, open } = startMiniProgram({
      'POST /sessions/mini-program': signedIn(member),
      'GET /members/me': member,
      'GET /members/me/points': () => ({
        available: asks ? 9860 : 12860, worth_fen: 12860, frozen_points: 0, owed: 0, factor_bps: 10000,
        holds: asks ? [HOLD] : [], expiring: null, items: [], next_cursor: null,
      }),
      'GET /members/me/points/rules': { lines: [] },
      'GET /members/me/suggestions': suggestions,
      'GET /members/me/points/payments': () => ({ items: asks ? [ASKED] : [] }),
      'POST /members/me/points/payments/p1/confirm': () => {
        asks = false
        return { ...ASKED, status: 'paid' }
      },
    })
    await open('points')
    expect(screen()).not.toContain('去确认')
    asks = true
    await jest.advanceTimersByTimeAsync(4500)
    expect(screen()).toContain('冻结 3,000')
    expect(screen()).not.toContain('确认积分付款')
    await tap('decide', '去确认')
    expect(screen()).toContain('抵 ¥30.00')
    await tap('ask__yes', '确认付款')
    await jest.advanceTimersByTimeAsync(100)
    expect(log.requests.map((one) => one.key)).toContain('POST /members/me/points/payments/p1/confirm')
    expect(screen()).toContain('已付 3,000 积分')
    expect(screen()).not.toContain('去确认')
  })
})
