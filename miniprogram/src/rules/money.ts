/** Money is integer fen and points are integers; nothing here divides into a float. */

/** `123456` → `1,234.56`; the sign stays in front. */
export function yuan(fen: number): string {
  const whole = Math.trunc(Math.abs(fen) / 100)
  const rest = Math.abs(fen) % 100
  return `${fen < 0 ? '-' : ''}${thousands(whole)}.${String(rest).padStart(2, '0')}`
}

/** `¥1,234.56`, with the minus before the sign. */
export function money(fen: number): string {
  return fen < 0 ? `-¥${yuan(-fen)}` : `¥${yuan(fen)}`
}

/** `12860` → `12,860`. */
export function thousands(value: number): string {
  const digits = String(Math.abs(Math.trunc(value)))
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ',')
  return value < 0 ? `-${grouped}` : grouped
}

/** `+50` and `-50`: the sign of a ledger entry is always written. */
export function signed(points: number): string {
  return points > 0 ? `+${thousands(points)}` : thousands(points)
}

/** `286`, `286.5` and `¥1,286.50` as fen; null for what is no sum above nothing. */
export function fenOf(text: string): number | null {
  const plain = text.trim().replace(/^[¥￥]/, '').replace(/,/g, '')
  const found = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(plain)
  const fen = found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : 0
  return fen > 0 ? fen : null
}
