/**
 * Mainland number plates: mostly province sign, letter, then five characters (petrol) or six (new energy).
 * Pure functions; the server checks again and has the last word.
 */
import { compact } from './spelling'

/** Signs of the 31 provinces, in the order people expect on a keyboard. */
export const PROVINCES = [
  '京', '沪', '津', '渝', '冀', '豫', '云', '辽', '黑', '湘',
  '皖', '鲁', '新', '苏', '浙', '赣', '鄂', '桂', '甘', '晋',
  '蒙', '陕', '吉', '闽', '贵', '粤', '青', '藏', '川', '宁', '琼',
] as const

/** Signs that may close a plate instead of a letter: police, driving school, Hong Kong and Macao … */
export const TAILS = ['警', '学', '港', '澳', '挂', '领'] as const

/** I and O never occur on a plate: they look like 1 and 0. */
export const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'.split('')
export const DIGITS = '0123456789'.split('')

export const PETROL_LENGTH = 7
export const NEW_ENERGY_LENGTH = 8

const PROVINCE = `[${PROVINCES.join('')}]`
const HEAD = `${PROVINCE}[A-HJ-Z]`
const SERIAL = 'A-HJ-NP-Z0-9'
const BEGINNING = new RegExp(`^${PROVINCE}[A-Z]`)
/** Small new-energy cars carry the letter first (D, F and the newer ones), large ones last. */
const NEW_ENERGY = new RegExp(`^${HEAD}(?:[A-HJK][${SERIAL}][0-9]{4}|[0-9]{5}[A-HJK])$`)
/** Petrol with the tails above and two more; then brigades, embassies, armed police, military now and before, airports. */
const OTHERS = new RegExp(
  `^(?:${HEAD}[${SERIAL}]{4}[${SERIAL}挂学警港澳领试超]|${HEAD}[0-9]{4}应急|${PROVINCE}?[0-9]{6}使|使[0-9]{6}|` +
    `WJ(?:${PROVINCE}?[0-9]{4}[0-9A-Z]|[0-9]{2}[消边警电金森通]?[0-9]{4,5})|` +
    '[BCGHJKLNSVZ][A-Z][0-9]{5}|[军空海北沈兰济南广成][A-Z][0-9]{5}|民航[A-Z0-9][0-9]{4})$',
)
const TRADITIONAL = '滬雲遼魯蘇贛晉陝陜閩貴粵寧瓊學領掛應試軍瀋蘭濟廣邊電'
const SIMPLIFIED = '沪云辽鲁苏赣晋陕陕闽贵粤宁琼学领挂应试军沈兰济广边电'

const NEXT = [...DIGITS, ...LETTERS]

/** Capitals without blanks, dots and dashes; after a plate's first two characters O is 0 and I is 1. */
export function normalisePlate(text: string): string {
  const plate = compact(text).toUpperCase().replace(new RegExp(`[${TRADITIONAL}]`, 'g'), simplified)
  if (!BEGINNING.test(plate)) return plate
  return plate.slice(0, 2) + plate.slice(2).replace(/O/g, '0').replace(/I/g, '1')
}

function simplified(sign: string): string {
  return SIMPLIFIED[TRADITIONAL.indexOf(sign)]
}

export function isNewEnergy(plate: string): boolean {
  return NEW_ENERGY.test(plate)
}

export function isPlate(plate: string): boolean {
  return isNewEnergy(plate) || OTHERS.test(plate)
}

/** A plate, or seven characters that one more makes a new-energy plate. */
export function couldBecomePlate(text: string): boolean {
  return isPlate(text) || (text.length === PETROL_LENGTH && NEXT.some((last) => isNewEnergy(text + last)))
}

/** For reading: province and letter, a dot, the rest. */
export function formatPlate(plate: string): string {
  return plate.length > 2 ? `${plate.slice(0, 2)}·${plate.slice(2)}` : plate
}

export interface Key {
  text: string
  enabled: boolean
}

/** Rows of the keyboard for the character at `position` (0 = province, 1 = letter); past the end all rest. */
export function keysFor(position: number): Key[][] {
  const open = position < NEW_ENERGY_LENGTH
  if (position <= 0) return rows(keys(PROVINCES, open), 8)
  const letters = [...keys(LETTERS, open), ...keys(TAILS, position === PETROL_LENGTH - 1)]
  return [keys(DIGITS, open && position > 1), ...rows(letters, 10)]
}

function keys(texts: readonly string[], enabled: boolean): Key[] {
  return texts.map((text) => ({ text, enabled }))
}

function rows<T>(items: readonly T[], width: number): T[][] {
  const found: T[][] = []
  for (let at = 0; at < items.length; at += width) found.push(items.slice(at, at + width))
  return found
}
