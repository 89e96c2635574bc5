/**
 * One spelling of phones and plates, by the rules of the server's app/kernel/spelling: the same sets of marks, held to
 * the same table of examples (tests/kernel/spelling.json).
 */

const BLANKS = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u2800\\u3000'
const DASHES =
  '\\-\\u02c9\\u02d7\\u058a\\u05be\\u1400\\u1806\\u2010-\\u2015\\u2043\\u207b\\u208b\\u2212\\u23af\\u23e4\\u2500\\u2501' +
  '\\u2504\\u2505\\u2508\\u2509\\u254c\\u254d\\u2574\\u2576\\u2796\\u2e17\\u2e1a\\u2e3a\\u2e3b\\u2e40\\u2e5d\\u301c\\u3030' +
  '\\u30a0\\u30fc\\ufe31\\ufe32\\ufe58\\ufe63\\uff0d\\uff70\\u{10ead}'
const DOTS =
  '.\\u00b0\\u00b7\\u02d1\\u02d9\\u0387\\u05c4\\u06d4\\u0701\\u0702\\u119e\\u1427\\u16eb\\u2022\\u2023\\u2024\\u2027\\u204c' +
  '\\u204d\\u2218\\u2219\\u2299\\u22c5\\u22ef\\u25aa\\u25ab\\u25c9\\u25cb\\u25ce\\u25cf\\u25e6\\u25fc-\\u25fe\\u2609' +
  '\\u26aa-\\u26ac\\u2981\\u29bf\\u2b1d\\u2b1e\\u2b24\\u2b58\\u2e30-\\u2e33\\u2e3c\\u3002\\u30fb\\ua4f8\\ua78f\\ufe45\\ufe46' +
  '\\ufe52\\uff0e\\uff61\\uff65\\u{10101}\\u{1f534}\\u{1f535}\\u{1f7e0}-\\u{1f7e4}'
/** What stands for a dash and may also be a character of its own, and controls. */
const STROKES = '\\x00-\\x08\\x0e-\\x1b\\x7f-\\x9f~\\u2053\\u223c\\u223d\\u3127\\u4e00'
const UNSEEN =
  '\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164' +
  '\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffc\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}'

const MARKS = new RegExp(`[${UNSEEN}]`, 'gu')
const SEPARATORS = new RegExp(`[${BLANKS}${DASHES}${DOTS}${STROKES}_]`, 'gu')
// What NFKC makes of dots and dashes that stand high: ˙ ¯ ‾
const SPACED_ACCENT = / [\u0300-\u036f]+/g
// A number that a program rewrote: without its only dot it would be somebody's phone.
const DECIMAL = new RegExp(`^[^${DOTS}]*[${DOTS}](?:[0-9]{1,2}|0+)[${BLANKS}]*$`, 'u')
// As cards, codes of contacts and chats have it: `tel:138…`.
const LABEL = /^(?:tel|mobile|手机(?:号码?)?|(?:联系)?电话):?/i
const BRACKETS = /\(0\)|[()[\]{}【】〔〕]/g
const MAINLAND = /^(?:\+?86)?0?(1[3-9][0-9]{9})$/
const FOREIGN = /^\+(?!86|85[23](?![0-9]{8}$))[1-9][0-9]{5,14}$/
const NEIGHBOUR = /^(?:85[23][0-9]{8}|8869[0-9]{8})$/

function folded(text: string): string {
  return text.normalize('NFKC').replace(MARKS, '')
}

/** In the usual width, without blanks, dashes, dots and marks that nobody sees. */
export function compact(text: string): string {
  return folded(text).replace(SPACED_ACCENT, '').replace(SEPARATORS, '')
}

/** Mainland numbers as eleven digits, others as `+` and digits; empty for what is no phone. */
export function spellPhone(text: string): string {
  if (DECIMAL.test(folded(text))) return ''
  const phone = compact(text).replace(BRACKETS, '').replace(LABEL, '').replace(/^00/, '+')
  const mainland = MAINLAND.exec(phone)
  if (mainland) return mainland[1]
  if (NEIGHBOUR.test(phone)) return `+${phone}`
  return FOREIGN.test(phone) ? phone : ''
}
