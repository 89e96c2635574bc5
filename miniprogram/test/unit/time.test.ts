import { clockTime, countdown, date, dayLabel, dayTime, duration, monthLabel, validity } from '@/rules/time'

const now = Date.parse('2026-11-22T02:00:00Z') // 10:00 in the mall

test('times are shown in the mall zone, whatever the phone thinks', () => {
  expect(clockTime('2026-11-22T06:02:00Z')).toBe('14:02')
  expect(date('2026-11-21T16:00:00Z')).toBe('2026-11-22')
  expect(date('2026-11-21T15:59:59.999999Z')).toBe('2026-11-21')
})

test('a day is named by its distance in mall days, not in hours', () => {
  expect(dayLabel('2026-11-21T16:00:00Z', now)).toBe('今天')
  expect(dayLabel('2026-11-21T15:59:00Z', now)).toBe('昨天')
  expect(dayLabel('2026-11-22T16:30:00Z', now)).toBe('明天')
  expect(dayLabel('2026-12-03T04:00:00Z', now)).toBe('12 月 3 日')
  expect(dayLabel('2025-12-03T04:00:00Z', now)).toBe('2025 年 12 月 3 日')
  expect(dayTime('2026-11-22T06:02:00Z', now)).toBe('今天 14:02')
  expect(monthLabel('2026-10-31T16:00:00Z')).toBe('2026 年 11 月')
})

test('a coupon says how much time it has, and urges only when it is short', () => {
  const from = '2026-11-01T00:00:00Z'
  expect(validity(from, '2026-12-30T16:00:00Z', now)).toEqual({ text: '有效期至 2026-12-30', urgent: false })
  expect(validity(from, '2026-11-24T04:00:00Z', now)).toEqual({ text: '还剩 2 天 · 11 月 24 日到期', urgent: true })
  expect(validity(from, '2026-11-22T16:00:00Z', now)).toEqual({ text: '今天 23:59 到期', urgent: true })
  expect(validity(from, '2026-11-21T15:59:00Z', now)).toEqual({ text: '已于昨天过期', urgent: false })
  expect(validity('2026-11-23T01:00:00Z', '2026-12-30T16:00:00Z', now)).toEqual({ text: '明天 09:00 起可用', urgent: false })
})

test('durations and countdowns', () => {
  expect(duration(5)).toBe('5 分钟')
  expect(duration(120)).toBe('2 小时')
  expect(duration(192)).toBe('3 小时 12 分')
  expect(countdown(899_001)).toBe('15:00')
  expect(countdown(59_000)).toBe('00:59')
  expect(countdown(-5)).toBe('00:00')
})
