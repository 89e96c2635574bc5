/** What a parking fee is made of while the member tries other mixes. The server's sum has the last word. */
import type { Quote } from '@/api/types'

export interface Choice {
  couponIds: string[]
  points: number
}

export interface Mix {
  coupons_fen: number
  points_fen: number
  cash_fen: number
}

/** So many points are worth so many fen. */
export interface Rate {
  points: number
  fen: number
}

export function proposed(quote: Quote): Choice {
  return { couponIds: quote.proposal.coupons.map((coupon) => coupon.id), points: quote.proposal.points.points }
}

/** The exchange rate as the quote shows it; null when it says nothing about points. */
export function rateOf(quote: Quote): Rate | null {
  const { points, covers_fen: fen } = quote.proposal.points
  return points > 0 && fen > 0 ? { points, fen } : null
}

/** The sum of a choice; coupons first, then points, and what is left is cash. Nothing covers more than is due. */
export function mixOf(quote: Quote, choice: Choice): Mix {
  const face = quote.alternatives.coupons
    .filter((coupon) => choice.couponIds.includes(coupon.id))
    .reduce((sum, coupon) => sum + coupon.covers_fen, 0)
  const coupons = Math.min(face, quote.fee_fen)
  const points = Math.min(worth(rateOf(quote), choice.points), quote.fee_fen - coupons)
  return { coupons_fen: coupons, points_fen: points, cash_fen: quote.fee_fen - coupons - points }
}

/** The most points that still help beside these coupons. */
export function usefulPoints(quote: Quote, couponIds: string[]): number {
  const rate = rateOf(quote)
  if (!rate) return 0
  const open = mixOf(quote, { couponIds, points: 0 }).cash_fen
  return Math.min(quote.alternatives.max_points, Math.ceil((open * rate.points) / rate.fen))
}

/** One tap more or fewer: a yuan's worth of points, at least one. */
export function pointsStep(quote: Quote): number {
  const rate = rateOf(quote)
  return rate ? Math.max(1, Math.round((100 * rate.points) / rate.fen)) : 1
}

/** A choice that wastes nothing: points are cut to what is open beside the coupons. */
export function fitted(quote: Quote, choice: Choice): Choice {
  const limit = usefulPoints(quote, choice.couponIds)
  return { ...choice, points: Math.max(0, Math.min(choice.points, limit)) }
}

function worth(rate: Rate | null, points: number): number {
  return rate ? Math.floor((points * rate.fen) / rate.points) : 0
}
