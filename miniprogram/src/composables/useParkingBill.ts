import { computed, ref, shallowRef } from 'vue'

import { parking } from '@/api'
import { ApiError, Declined, textOf } from '@/api/errors'
import { serverNow } from '@/api/serverClock'
import type { ParkingPayment, ParkingSession, PayResult, Quote } from '@/api/types'
import { coversAll, fitted, mixOf, proposed, usefulPoints, type Choice } from '@/rules/parking'
import { instant } from '@/rules/time'
import { tell, tellError } from '@/stores/notice'
import { platform } from '@/stores/session'

import { useCommand } from './useCommand'
import { useCountdown } from './useCountdown'

const CHECKS = 12
const CHECK_PAUSE_MS = 1500

type Stage = 'loading' | 'failed' | 'choosing' | 'awaiting' | 'paid'

/** One car's bill: quote, choice, payment. The page around it only shows. */
export function useParkingBill(session: () => ParkingSession, paid: () => void) {
  const stage = ref<Stage>('loading')
  const problem = ref('')
  const quote = shallowRef<Quote | null>(null)
  const choice = shallowRef<Choice>({ couponIds: [], points: 0 })
  const pending = shallowRef<PayResult | null>(null)
  const settling = ref(false)

  const quoting = useCommand((id: string, key) => parking.quote(id, key))
  const paying = useCommand((input: { quote_id: string; coupon_ids: string[]; points: number }, key) =>
    parking.pay(session().id, input, key),
  )
  // A quote has an end: the member's choice is carried over into the next one.
  const { start: keepQuote, stop: dropQuote } = useCountdown(() => void (stage.value === 'choosing' && refresh()))

  const mix = computed(() => (quote.value ? mixOf(quote.value, choice.value) : null))
  const mostPoints = computed(() => (quote.value ? usefulPoints(quote.value, choice.value.couponIds) : 0))
  const busy = computed(() => paying.busy.value || settling.value)

  async function refresh(): Promise<void> {
    const carried = quote.value ? choice.value : null
    try {
      const found = await quoting.run(session().id)
      if (found) take(found, carried)
    } catch (error) {
      problem.value = textOf(error)
      if (!quote.value) stage.value = 'failed'
      else tellError(error)
    }
  }

  function take(found: Quote, carried: Choice | null): void {
    const offered = new Set(found.alternatives.coupons.map((coupon) => coupon.id))
    const kept = carried && { ...carried, couponIds: carried.couponIds.filter((id) => offered.has(id)) }
    quote.value = found
    choice.value = kept ? fitted(found, kept) : proposed(found)
    stage.value = 'choosing'
    keepQuote(Math.max(10_000, instant(found.valid_until) - serverNow()))
  }

  function toggleCoupon(id: string): void {
    if (!quote.value) return
    const ids = choice.value.couponIds
    if (!ids.includes(id) && coversAll(quote.value, ids)) {
      tell('停车费已经抵完，不用再加券')
      return
    }
    const couponIds = ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]
    choice.value = fitted(quote.value, { ...choice.value, couponIds })
  }

  function setPoints(points: number): void {
    if (quote.value) choice.value = fitted(quote.value, { ...choice.value, points })
  }

  async function pay(): Promise<void> {
    if (busy.value || !quote.value || !mix.value) return
    const expected = mix.value.cash_fen
    const { couponIds, points } = choice.value
    try {
      const result = await paying.run({ quote_id: quote.value.quote_id, coupon_ids: couponIds, points })
      if (result) await settle(result, expected)
    } catch (error) {
      await explain(error)
    }
  }

  /** Nothing more to pay is paid; otherwise WeChat takes the cash, and the sum shown must be the sum taken. */
  async function settle(result: PayResult, expected: number): Promise<void> {
    dropQuote()
    if (result.payment.status === 'paid') return finish()
    pending.value = result
    stage.value = 'awaiting'
    if (result.payment.cash_fen !== expected) {
      tell('金额有变化，请确认后再支付')
      return
    }
    await payCash()
  }

  async function payCash(): Promise<void> {
    const waiting = pending.value
    if (!waiting || settling.value) return
    if (!waiting.wechat_pay) {
      tell('微信支付暂时不可用，请重新选择抵扣方式', 'bad')
      return
    }
    settling.value = true
    try {
      await platform().pay(waiting.wechat_pay)
      const payment = await untilPaid(waiting.payment)
      if (payment.status === 'paid') finish()
      else if (payment.status === 'released') await chooseAgain()
      else tell('支付结果确认中，请稍后再来看看')
    } catch (error) {
      tellError(error)
    } finally {
      settling.value = false
    }
  }

  async function untilPaid(payment: ParkingPayment): Promise<ParkingPayment> {
    let latest = payment
    for (let check = 0; check < CHECKS && latest.status === 'awaiting_cash'; check += 1) {
      if (check > 0) await new Promise((resolve) => setTimeout(resolve, CHECK_PAUSE_MS))
      latest = await parking.payment(payment.id)
    }
    return latest
  }

  function finish(): void {
    pending.value = null
    stage.value = 'paid'
    tell('缴费成功，可以出场了', 'good')
    paid()
  }

  /** A choice that the server no longer takes is answered with a fresh quote, not with a dead end. */
  async function explain(error: unknown): Promise<void> {
    tellError(error)
    const stale = error instanceof ApiError && error.kind === 'refused'
    if (stale && !(error instanceof Declined)) await refresh()
  }

  async function chooseAgain(): Promise<void> {
    pending.value = null
    stage.value = 'loading'
    quote.value = null
    await refresh()
  }

  return {
    stage, problem, quote, choice, mix, mostPoints, busy, pending,
    refresh, toggleCoupon, setPoints, pay, payCash, chooseAgain,
  }
}
