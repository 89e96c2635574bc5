/** How what members tell of themselves reads, and which days a birthday can be on. */
import type { Birthday, Profile, ProfileField } from '@/api/profile'

import { spelled } from './time'

export const UNTOLD = '未填写'

const LEAP_YEAR = 2000
const OLDEST_YEAR = 1900

/** Days of a month; the 29th of February as long as no year says that there was none. */
export function daysIn(month: number, year: number | null): number {
  return new Date(Date.UTC(year ?? LEAP_YEAR, month, 0)).getUTCDate()
}

/** The year that was typed: null for none, undefined for what is no year of a birth. */
export function yearOf(text: string, thisYear: number): number | null | undefined {
  const typed = text.trim()
  if (!typed) return null
  const year = Number(typed)
  return /^\d{4}$/.test(typed) && year >= OLDEST_YEAR && year <= thisYear ? year : undefined
}

/** The day, with the year if it was told. */
export function birthdayText({ year, month, day }: Birthday): string {
  return spelled(year, month, day)
}

/** What was told for a field, in a line; UNTOLD for nothing. */
export function answerOf(profile: Profile, field: ProfileField): string {
  switch (field) {
    case 'preferences':
      return names(profile.preference_options, profile.preferences) || UNTOLD
    case 'birthday':
      return profile.birthday ? birthdayText(profile.birthday) : UNTOLD
    case 'nearby':
      return names(profile.nearby_options, profile.nearby ? [profile.nearby] : []) || UNTOLD
    case 'household':
      return profile.household ? children(profile.household.children) : UNTOLD
  }
}

function names(options: { code: string; name: string }[], chosen: string[]): string {
  return options.filter(({ code }) => chosen.includes(code)).map(({ name }) => name).join('、')
}

function children(told: { name: string; count: number }[]): string {
  const some = told.filter(({ count }) => count > 0)
  return some.length ? some.map(({ name, count }) => `${name} ${count} 个`).join('、') : '没有 18 岁以下的孩子'
}
