/** What an invoice needs; the server keeps to the same rules and has the last word. */
import type { InvoiceWish } from '@/api/types'

import { compact } from './spelling'

const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const CREDIT_CODE = new RegExp(`^[${SIGNS}]{2}[0-9]{6}[${SIGNS}]{10}$`)
const EMAIL = /^[\w.%+-]+@([a-z0-9-]+\.)+[a-z]{2,24}$/i

export type Wrong = Partial<Record<'title' | 'tax_no' | 'email', string>>

/** A unified social credit code: eighteen signs, of which the last one checks the others. */
export function isCreditCode(text: string): boolean {
  const code = compact(text).toUpperCase()
  return CREDIT_CODE.test(code) && code[17] === checkSign(code)
}

function checkSign(code: string): string {
  let total = 0
  let weight = 1
  for (let place = 0; place < 17; place += 1) {
    total += SIGNS.indexOf(code[place]) * weight
    weight = (weight * 3) % 31
  }
  return SIGNS[(31 - (total % 31)) % 31]
}

/** What has to be mended before the wish can be sent, by field. */
export function wrongIn(wish: InvoiceWish): Wrong {
  const company = wish.title_kind === 'company'
  return {
    ...(wish.title.trim().length < 2 && { title: company ? '请填写企业全称' : '请填写姓名' }),
    ...(company && !isCreditCode(wish.tax_no) && { tax_no: '税号应为营业执照上的 18 位统一社会信用代码，请核对' }),
    ...(!EMAIL.test(wish.email.trim()) && { email: '请填写正确的邮箱，电子发票会发到这里' }),
  }
}

/** The field that a refusal of the server is about. */
export function fieldOf(code: string): keyof Wrong | null {
  const found = /^invoice_(title|tax_no|email)_invalid$/.exec(code)
  return found ? (found[1] as keyof Wrong) : null
}
