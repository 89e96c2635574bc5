import type { Profile } from '@/api/profile'
import { answerOf, birthdayText, daysIn, UNTOLD, yearOf } from '@/rules/profile'

test.each([
  [2, null, 29],
  [2, 1991, 28],
  [2, 1992, 29],
  [4, null, 30],
  [12, 2000, 31],
])('month %i of %s has %i days', (month, year, days) => {
  expect(daysIn(month, year)).toBe(days)
})

test.each([
  ['', null],
  [' 1990 ', 1990],
  ['90', undefined],
  ['1899', undefined],
  ['2027', undefined],
  ['19a0', undefined],
])('"%s" as a year of birth', (typed, year) => {
  expect(yearOf(typed, 2026)).toBe(year)
})

test('a birthday reads with and without its year', () => {
  expect(birthdayText({ year: 1990, month: 7, day: 5 })).toBe('1990 年 7 月 5 日')
  expect(birthdayText({ year: null, month: 2, day: 29 })).toBe('2 月 29 日')
})

const told = {
  preferences: ['kids', 'dining'],
  preference_options: [{ code: 'kids', name: '亲子' }, { code: 'dining', name: '美食' }, { code: 'home', name: '家居' }],
  birthday: { year: null, month: 7, day: 5, next_on: '2027-07-05' },
  nearby: 'both',
  nearby_options: [{ code: 'both', name: '住和上班都在附近' }],
  household: { children: [{ code: 'age_0_2', name: '0–2 岁', count: 0 }, { code: 'age_3_6', name: '3–6 岁', count: 2 }], told_at: '' },
} as unknown as Profile

test('every answer reads in a line', () => {
  expect(answerOf(told, 'preferences')).toBe('亲子、美食')
  expect(answerOf(told, 'birthday')).toBe('7 月 5 日')
  expect(answerOf(told, 'nearby')).toBe('住和上班都在附近')
  expect(answerOf(told, 'household')).toBe('3–6 岁 2 个')
})

test('no children is an answer, and nothing told is none', () => {
  expect(answerOf({ ...told, household: { children: [], told_at: '' } }, 'household')).toBe('没有 18 岁以下的孩子')
  const nothing = { ...told, preferences: [], birthday: null, nearby: null, household: null }
  for (const field of ['preferences', 'birthday', 'nearby', 'household'] as const) expect(answerOf(nothing, field)).toBe(UNTOLD)
})
