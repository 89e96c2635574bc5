import { ref } from 'vue'

import { exchanges } from '@/api'
import { Declined } from '@/api/errors'
import type { Exchange, ExchangeOffer, ExchangeResult } from '@/api/types'
import { uuid } from '@/rules/ids'
import { tell, tellError } from '@/stores/notice'
import { platform, refreshMember } from '@/stores/session'

import { useCommand } from './useCommand'

const CHECKS = 12
const CHECK_PAUSE_MS = 1500

/** Points for a coupon: one command, then WeChat's cash where some is due; `done` when the coupon is the member's. */
export function useExchange(done: (exchange: Exchange) => void, failed: () => void) {
  const settling = ref(false)
  const { busy, run } = useCommand((input: { campaign: string; points: number; cash_fen: number }, key) =>
    exchanges.begin(input, key),
  )

  async function exchange(offer: ExchangeOffer): Promise<void> {
    try {
      const { campaign, points, cash_fen: cash } = offer
      const result = await run({ campaign, points, cash_fen: cash })
      if (result) await settle(result)
    } catch (error) {
      tellError(error)
      failed()
    }
  }

  async function settle(result: ExchangeResult): Promise<void> {
    if (result.exchange.status === 'done') return finish(result.exchange)
    if (!result.wechat_pay) {
      tell('微信支付暂时不可用，请稍后再试', 'bad')
      return giveUp(result.exchange)
    }
    settling.value = true
    try {
      await platform().pay(result.wechat_pay)
      const latest = await untilPaid(result.exchange)
      if (latest.status === 'done') finish(latest)
      else tell('支付结果确认中，请稍后到优惠券里查看')
    } catch (error) {
      tellError(error)
      if (error instanceof Declined) await giveUp(result.exchange)
    } finally {
      settling.value = false
    }
  }

  async function untilPaid(exchange: Exchange): Promise<Exchange> {
    let latest = exchange
    for (let check = 0; check < CHECKS && latest.status === 'awaiting_cash'; check += 1) {
      if (check > 0) await new Promise((resolve) => setTimeout(resolve, CHECK_PAUSE_MS))
      latest = await exchanges.get(exchange.id)
    }
    return latest
  }

  /** Nobody pays: the points are free at once, and not only when the order has run out. */
  async function giveUp(exchange: Exchange): Promise<void> {
    await exchanges.cancel(exchange.id, uuid()).catch(() => undefined)
    failed()
  }

  function finish(exchange: Exchange): void {
    tell('兑换成功，券已放入优惠券', 'good')
    void refreshMember().catch(() => undefined)
    done(exchange)
  }

  return { busy, settling, exchange }
}
