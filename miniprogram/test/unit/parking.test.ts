import type { Quote } from '@/api/types'
import { coverOf, coversAll, fitted, freeText, mixOf, placeName, pointsStep, proposed, usefulPoints } from '@/rules/parking'
import { pointsFor, worth } from '@/rules/points'

function quoteOf(facts: Partial<Quote> = {}): Quote {
  const coupon = { id: 'c1', title: '2 小时停车券', minutes: 120, covers_fen: 1000 }
  return {
    quote_id: 'q1',
    valid_until: '2026-11-22T02:05:00Z',
    fee_fen: 2000,
    free: null,
    points_factor_bps: 10_000,
    proposal: { coupons: [coupon], points: { points: 700, covers_fen: 700 }, cash_fen: 300 },
    alternatives: { max_points: 1500, coupons: [coupon] },
    ...facts,
  }
}

test('the proposed mix adds up to the fee', () => {
  const quote = quoteOf()
  const mix = mixOf(quote, proposed(quote))
  expect(mix).toEqual({ coupons_fen: 1000, points_fen: 700, cash_fen: 300 })
  expect(mix.coupons_fen + mix.points_fen + mix.cash_fen).toBe(quote.fee_fen)
})

test('free minutes of a tier come off first, and neither coupons nor points pay for them', () => {
  const free = { tier: '金卡', minutes: 60, covers_fen: 600 }
  const quote = quoteOf({ free })
  expect(mixOf(quote, { couponIds: ['c1'], points: 700 })).toEqual({ coupons_fen: 1000, points_fen: 400, cash_fen: 0 })
  expect(usefulPoints(quote, [])).toBe(1400)
  expect(freeText(free)).toBe('金卡免费停车 1 小时')
})

test('without the coupon more points are useful, up to what may be spent', () => {
  expect(usefulPoints(quoteOf(), ['c1'])).toBe(1000)
  expect(usefulPoints(quoteOf(), [])).toBe(1500)
})

test('points that would be wasted beside a coupon are given back', () => {
  expect(fitted(quoteOf(), { couponIds: ['c1'], points: 1500 })).toEqual({ couponIds: ['c1'], points: 1000 })
  expect(fitted(quoteOf(), { couponIds: ['c1'], points: -5 }).points).toBe(0)
})

test('a coupon worth more than the fee covers the fee and no more', () => {
  const quote = quoteOf({ fee_fen: 800 })
  expect(mixOf(quote, { couponIds: ['c1'], points: 0 })).toEqual({ coupons_fen: 800, points_fen: 0, cash_fen: 0 })
})

test('points are worth what the quote says, rounded once as the server rounds', () => {
  const quote = quoteOf({ points_factor_bps: 12_500 })
  expect(mixOf(quote, { couponIds: [], points: 101 }).points_fen).toBe(126)
  expect(pointsStep(quote)).toBe(80)
  expect(usefulPoints(quote, [])).toBe(1500)
  expect(usefulPoints(quoteOf({ points_factor_bps: 20_000 }), [])).toBe(1000)
})

test('no point is spent that takes nothing off', () => {
  for (const factor of [1_000, 3_333, 10_000, 12_345, 50_000])
    for (const fen of [0, 1, 7, 99, 1000]) {
      const points = pointsFor(fen, factor)
      expect(worth(points, factor)).toBeGreaterThanOrEqual(fen)
      if (points) expect(worth(points - 1, factor)).toBeLessThan(fen)
    }
})

test('two coupons together are worth what the proposal says, not the sum of each alone', () => {
  const [one, two] = ['c1', 'c2'].map((id) => ({ id, title: '', minutes: 120, covers_fen: 1000 }))
  const quote = quoteOf({
    fee_fen: 3000,
    proposal: { coupons: [{ ...one, covers_fen: 900 }, { ...two, covers_fen: 900 }], points: { points: 0, covers_fen: 0 }, cash_fen: 1200 },
    alternatives: { max_points: 0, coupons: [one, two] },
  })
  expect(mixOf(quote, proposed(quote)).cash_fen).toBe(1200)
  expect(coverOf(quote, one, ['c1', 'c2'])).toBe(900)
  expect(coverOf(quote, one, ['c1'])).toBe(1000)
})

test('one more coupon is known to be wasted', () => {
  expect(coversAll(quoteOf(), ['c1'])).toBe(false)
  expect(coversAll(quoteOf({ fee_fen: 1000 }), ['c1'])).toBe(true)
})

test('a car park that bears the name of its mall says it once', () => {
  expect(placeName('悦汇城', '悦汇城地下停车场')).toBe('悦汇城地下停车场')
  expect(placeName('悦汇城', 'P2 立体车库')).toBe('悦汇城 · P2 立体车库')
})
