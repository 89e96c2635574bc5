import type { DirectoryStore } from '@/api/types'
import { findStores, hoursText, isOpen } from '@/rules/stores'

function store(facts: Partial<DirectoryStore>): DirectoryStore {
  return {
    code: 'S', name: '沸腾火锅', floor: '4F', category: 'dining', opens_minute: 660, closes_minute: 90, phone: null,
    about: '牛油鸳鸯锅', logo: null, picture: null, benefits: [], ...facts,
  }
}

const STORES = [store({}), store({ code: 'T', name: '晨光 Coffee', floor: '1F', about: null }), store({ code: 'U', name: '青禾', category: 'fashion' })]

test.each([
  ['', '', 'STU'],
  ['火锅', '', 'S'],
  ['ｃｏｆｆｅｅ', '', 'T'],
  ['4f 鸳鸯', '', 'SU'],
  ['', 'fashion', 'U'],
  ['没有', '', ''],
])('searching %s among %s finds %s', (words, category, codes) => {
  expect(findStores(STORES, { words, category }).map((one) => one.code).join('')).toBe(codes)
})

test.each([
  [{}, '11:00–次日 01:30'],
  [{ opens_minute: 600, closes_minute: 1320 }, '10:00–22:00'],
  [{ opens_minute: 0, closes_minute: 0 }, '全天营业'],
  [{ opens_minute: null, closes_minute: null }, ''],
])('hours %j read as %s', (facts, said) => {
  expect(hoursText(store(facts))).toBe(said)
})

test.each([
  ['2026-11-28T03:00:00Z', true],
  ['2026-11-28T02:59:00Z', false],
  ['2026-11-28T17:29:00Z', true],
  ['2026-11-28T17:30:00Z', false],
])('at %s a store that closes after midnight is open: %s', (at, open) => {
  expect(isOpen(store({}), Date.parse(at))).toBe(open)
  expect(isOpen(store({ opens_minute: 0, closes_minute: 0 }), Date.parse(at))).toBe(true)
  expect(isOpen(store({ opens_minute: null, closes_minute: null }), Date.parse(at))).toBeNull()
})
