/** What a parking fee is made of while the member tries other mixes. The server's sum has the last word. */
import type { CouponCover, Quote } from '@/api/types'

import { pointsFor, worth } from './points'
import { duration } from './time'

export interface Choice {
  couponIds: string[]
  points: number
}

export interface Mix {
  coupons_fen: number
  points_fen: number
  cash_fen: number
}

export function proposed(quote: Quote): Choice {
  return { couponIds: quote.proposal.coupons.map((coupon) => coupon.id), points: quote.proposal.points.points }
}

/**
 * What each coupon on offer takes off. Hours of several coupons together are worth what the server says for the
 * proposed set; for any other set each counts as it would alone, which the server then sets right.
 */
export function coverOf(quote: Quote, coupon: CouponCover, chosen: string[]): number {
  const set = quote.proposal.coupons
  const asProposed = set.length === chosen.length && set.every((one) => chosen.includes(one.id))
  const found = asProposed ? set.find((one) => one.id === coupon.id) : undefined
  return (found ?? coupon).covers_fen
}

/** What a line says of a tier's minutes. */
export function freeText(free: { tier: string | null; minutes: number }): string {
  return `${free.tier ?? '会员等级'}免费停车 ${duration(free.minutes)}`
}

/** The sum of a choice; my tier's minutes first, then coupons, then points, and what is left is cash. Nothing covers more than is due. */
export function mixOf(quote: Quote, choice: Choice): Mix {
  const face = quote.alternatives.coupons
    .filter((coupon) => choice.couponIds.includes(coupon.id))
    .reduce((sum, coupon) => sum + coverOf(quote, coupon, choice.couponIds), 0)
  const open = quote.fee_fen - (quote.free?.covers_fen ?? 0)
  const coupons = Math.min(face, open)
  const points = Math.min(worth(choice.points, quote.points_factor_bps), open - coupons)
  return { coupons_fen: coupons, points_fen: points, cash_fen: open - coupons - points }
}

/** Whether these coupons alone cover the fee: one more would be wasted. */
export function coversAll(quote: Quote, couponIds: string[]): boolean {
  return mixOf(quote, { couponIds, points: 0 }).cash_fen === 0
}

/** The most points that still help beside these coupons. */
export function usefulPoints(quote: Quote, couponIds: string[]): number {
  const open = mixOf(quote, { couponIds, points: 0 }).cash_fen
  return Math.min(quote.alternatives.max_points, pointsFor(open, quote.points_factor_bps))
}

/** One tap more or fewer: a yuan's worth of points, at least one. */
export function pointsStep(quote: Quote): number {
  return pointsFor(100, quote.points_factor_bps)
}

/** A choice that wastes nothing: points are cut to what is open beside the coupons. */
export function fitted(quote: Quote, choice: Choice): Choice {
  const limit = usefulPoints(quote, choice.couponIds)
  return { ...choice, points: Math.max(0, Math.min(choice.points, limit)) }
}

/** Where a car stands: a car park that bears its mall's name needs it once. */
export function placeName(mall: string, carPark: string): string {
  return carPark.startsWith(mall) ? carPark : `${mall} · ${carPark}`
}
