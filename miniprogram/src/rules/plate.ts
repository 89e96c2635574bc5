/**
 * Mainland number plates: province sign, letter, then five characters (petrol) or six (new energy).
 * Pure functions; the server checks again and has the last word.
 */

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

const HEAD = `[${PROVINCES.join('')}][A-HJ-NP-Z]`
const PETROL = new RegExp(`^${HEAD}[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9${TAILS.join('')}]$`)
/** Small new-energy cars carry the letter first (D/F kinds …), large ones last. */
const NEW_ENERGY_SMALL = new RegExp(`^${HEAD}[A-HJK][A-HJ-NP-Z0-9][0-9]{4}$`)
const NEW_ENERGY_LARGE = new RegExp(`^${HEAD}[0-9]{5}[A-HJK]$`)

const NEXT = [...DIGITS, ...LETTERS]

/** Upper case, without spaces, dots and dashes. */
export function normalisePlate(text: string): string {
  return text.toUpperCase().replace(/[\s·.\-—]/g, '')
}

export function isNewEnergy(plate: string): boolean {
  return NEW_ENERGY_SMALL.test(plate) || NEW_ENERGY_LARGE.test(plate)
}

export function isPlate(plate: string): boolean {
  return PETROL.test(plate) || isNewEnergy(plate)
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
