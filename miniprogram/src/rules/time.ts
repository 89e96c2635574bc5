/**
 * Times arrive as RFC 3339 UTC and are shown in the mall's time zone (Asia/Shanghai, no summer time),
 * whatever the phone is set to.
 */
const MALL_OFFSET_MS = 8 * 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000

export interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

/** Milliseconds of an RFC 3339 time; fractions longer than milliseconds are cut for older engines. */
export function instant(text: string): number {
  return Date.parse(text.replace(/(\.\d{3})\d+/, '$1').replace(' ', 'T'))
}

/** Calendar parts of an instant in the mall. */
export function mallParts(ms: number): Parts {
  const shifted = new Date(ms + MALL_OFFSET_MS)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
  }
}

/** `2026-11-22`. */
export function date(text: string): string {
  const { year, month, day } = mallParts(instant(text))
  return `${year}-${two(month)}-${two(day)}`
}

/** `14:02`. */
export function clockTime(text: string): string {
  const { hour, minute } = mallParts(instant(text))
  return `${two(hour)}:${two(minute)}`
}

/** `11 月 22 日 14:02`, with the year when it is not this one. */
export function dayTime(text: string, now: number): string {
  return `${dayLabel(text, now)} ${clockTime(text)}`
}

/** `今天`, `明天`, `昨天`, `11 月 22 日` or `2025 年 11 月 22 日`. */
export function dayLabel(text: string, now: number): string {
  const distance = dayNumber(instant(text)) - dayNumber(now)
  if (distance === 0) return '今天'
  if (distance === 1) return '明天'
  if (distance === -1) return '昨天'
  const { year, month, day } = mallParts(instant(text))
  return year === mallParts(now).year ? dayOf(month, day) : spelled(year, month, day)
}

/** `2026 年 11 月`: the heading of a month of entries. */
export function monthLabel(text: string): string {
  const { year, month } = mallParts(instant(text))
  return `${year} 年 ${month} 月`
}

/** `2026 年 11 月 22 日` of a calendar day, `2026-11-22`, which has no zone. */
export function calendarDay(text: string): string {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number)
  return spelled(year, month, day)
}

/** Entries under the months they fell in, in the order in which they come. */
export function byMonth<T extends { at: string }>(entries: T[]): { label: string; entries: T[] }[] {
  const months: { label: string; entries: T[] }[] = []
  for (const entry of entries) {
    const label = monthLabel(entry.at)
    const last = months[months.length - 1]
    if (last?.label === label) last.entries.push(entry)
    else months.push({ label, entries: [entry] })
  }
  return months
}

/**
 * What a coupon says about its time: urgent in words when it ends within two days. `until` is the first moment at
 * which it no longer counts, so its last day is the day of the second before.
 */
export function validity(from: string, until: string, now: number): { text: string; urgent: boolean } {
  if (instant(from) > now) return { text: `${dayLabel(from, now)} ${clockTime(from)} 起可用`, urgent: false }
  const last = new Date(instant(until) - 1000).toISOString()
  const left = instant(until) - now
  if (left <= 0) return { text: `已于${afterChinese(dayLabel(last, now))}过期`, urgent: false }
  if (left < DAY_MS) return { text: `${dayLabel(last, now)} ${clockTime(last)} 到期`, urgent: true }
  const days = dayNumber(instant(last)) - dayNumber(now)
  if (days <= 2) return { text: `还剩 ${days} 天 · ${dayLabel(last, now)}到期`, urgent: true }
  return { text: `有效期至 ${date(last)}`, urgent: false }
}

/** `2 小时 5 分`, `5 分钟`. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} 分钟`
  return rest === 0 ? `${hours} 小时` : `${hours} 小时 ${rest} 分`
}

/** `14:59`: minutes and seconds of a countdown, never negative. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
}

/** A blank stands between Chinese and a number, none between Chinese and Chinese. */
function afterChinese(text: string): string {
  return /^\d/.test(text) ? ` ${text}` : text
}

/** `2026 年 11 月 22 日`, or without a year that is null. */
export function spelled(year: number | null, month: number, day: number): string {
  return `${year ? `${year} 年 ` : ''}${dayOf(month, day)}`
}

function dayOf(month: number, day: number): string {
  return `${monthOf(month)} ${day} 日`
}

/** `11 月`. */
export function monthOf(month: number): string {
  return `${month} 月`
}

function dayNumber(ms: number): number {
  return Math.floor((ms + MALL_OFFSET_MS) / DAY_MS)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** Calendar days of the mall from today back, each with its label: `2026-11-29`, `今天`. */
export function daysBack(now: number, count: number): { day: string; label: string }[] {
  return Array.from({ length: count }, (_, back) => {
    const { year, month, day } = mallParts(now - back * 86_400_000)
    const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    return { day: text, label: ['今天', '昨天'][back] ?? text.slice(5) }
  })
}
