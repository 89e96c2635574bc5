/** Why something cannot be had for points now, in words; empty when it can. */
import type { ExchangeOffer } from '@/api/types'

import { thousands } from './money'

export function hindrance(offer: ExchangeOffer, available: number): string {
  if (offer.gone) return '已兑完'
  if (offer.only_for) return `限${offer.only_for}`
  if (offer.left === 0) return '已达兑换上限'
  if (offer.points > available) return `还差 ${thousands(offer.points - available)} 积分`
  return ''
}
