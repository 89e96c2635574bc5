/** What the cards of a member's payments and invoices say. */
import type { Invoice, PaidStay, WishedInvoice } from '@/api/types'

import { money } from './money'
import { placeName } from './parking'
import { formatPlate } from './plateText'
import { dayTime, duration, instant } from './time'

export interface Line {
  name: string
  text: string
}

export interface RecordFacts {
  head: string
  state: string
  tone: 'good' | 'warn' | 'bad' | 'plain'
  place: string
  lines: Line[]
  notes: { text: string; bad: boolean }[]
  /** What its button does; empty: it has none. */
  act: string
}

const PAID = {
  paid: { state: '已缴清', tone: 'good' },
  refunding: { state: '退款中', tone: 'warn' },
  refunded: { state: '已退款', tone: 'plain' },
} as const
const INVOICE = {
  asked: { state: '申请中', tone: 'warn' },
  issued: { state: '已开具', tone: 'good' },
  refused: { state: '未能开具', tone: 'bad' },
} as const
const AGAIN = '重新申请'

/** One payment for a stay: where and when, and where its invoice or refund stands. */
export function ofPayment(stay: PaidStay, now: number): RecordFacts {
  const { plate, mall, car_park: carPark, entered_at: entered, exited_at: exited, invoice, refund } = stay
  return {
    ...PAID[stay.status],
    head: plate ? formatPlate(plate) : '车牌已删除',
    place: placeName(mall, carPark),
    lines: told([
      { name: '入场', text: dayTime(entered, now) },
      { name: '出场', text: exited ? dayTime(exited, now) : '尚未出场' },
      { name: '停车时长', text: exited ? duration(minutesBetween(entered, exited)) : '' },
    ]),
    notes: [
      ...(refund ? [{ text: refunded(refund, now), bad: false }] : []),
      ...(invoice ? [{ text: beside(invoice), bad: invoice.status === 'refused' }] : []),
    ],
    act: invoice ? again(invoice) : stay.may_ask_invoice ? '申请发票' : '',
  }
}

/** One invoice: for how much and whom, for which stay, and where it is. */
export function ofInvoice(wished: WishedInvoice, now: number): RecordFacts {
  const { plate, mall, car_park: carPark, title_kind: kind, title, tax_no: taxNo, answered_at: answered, status } = wished
  return {
    ...INVOICE[status],
    head: money(wished.amount_fen),
    place: placeName(mall, carPark),
    lines: told([
      { name: kind === 'company' ? '企业抬头' : '个人抬头', text: title },
      { name: '税号', text: taxNo },
      { name: '停车缴费', text: `${plate ? `${formatPlate(plate)} · ` : ''}${dayTime(wished.paid_at, now)}` },
      { name: '申请时间', text: dayTime(wished.asked_at, now) },
      { name: status === 'issued' ? '开具时间' : '处理时间', text: answered && dayTime(answered, now) },
    ]),
    notes: [{ text: standing(wished), bad: status === 'refused' }],
    act: again(wished),
  }
}

function again(invoice: Invoice): string {
  return invoice.status === 'refused' ? AGAIN : ''
}

function standing({ status, email, refusal }: Invoice): string {
  if (status === 'refused') return refusal ?? ''
  return status === 'issued' ? `电子发票已发送到 ${email}` : `一般 3 天内发到 ${email}`
}

function beside({ status, title, email, refusal }: Invoice): string {
  if (status === 'issued') return `发票已开具，已发送到 ${email}`
  if (status === 'refused') return `发票未能开具：${refusal}`
  return `发票申请已提交（${title}），一般 3 天内发到 ${email}`
}

function refunded(refund: { amount_fen: number; at: string | null }, now: number): string {
  const sum = money(refund.amount_fen)
  return refund.at ? `${sum} 已于 ${dayTime(refund.at, now)} 退回` : `支付超时，${sum} 将原路退回，一般 3 天内到账`
}

function minutesBetween(from: string, to: string): number {
  return Math.max(0, Math.floor((instant(to) - instant(from)) / 60_000))
}

/** A line without a text is none. */
function told(lines: { name: string; text: string | null }[]): Line[] {
  return lines.filter((line): line is Line => !!line.text)
}
