/**
 * Number plates: mostly province sign, letter, then five characters (petrol) or six (new energy); and those of
 * neighbours whose cars come in with them alone. Pure functions; the server checks again and has the last word.
 */
import { BEGINNING, PROVINCE, PROVINCES } from './plateText'
import { compact } from './spelling'

/** Closes the plate of a car that is new, behind five characters or behind six. */
const TEMPORARY = '临'

/** Signs that may close a plate instead of a letter: police, driving school, Hong Kong and Macao, for some weeks … */
export const TAILS = ['警', '学', '港', '澳', '挂', TEMPORARY] as const

/** I and O never occur on a plate: they look like 1 and 0. */
export const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'.split('')
export const DIGITS = '0123456789'.split('')

export const PETROL_LENGTH = 7
export const NEW_ENERGY_LENGTH = 8

const HEAD = `${PROVINCE}[A-HJ-Z]`
const SERIAL = 'A-HJ-NP-Z0-9'
/** Small new-energy cars carry the letter first (D, F and the newer ones), large ones last. */
const NEW_ENERGY = new RegExp(`^${HEAD}(?:[A-HJK][${SERIAL}][0-9]{4}|[0-9]{5}[A-HJK])$`)
/** Petrol with the tails above and two more; for some weeks; then brigades, embassies, armed police, military, airports, tractors. */
const OTHERS = new RegExp(
  `^(?:${HEAD}[${SERIAL}]{4}[${SERIAL}挂学警港澳使领试超]|` +
    `${HEAD}[${SERIAL}]{4,6}临|${HEAD}临[${SERIAL}]{4,6}|临${HEAD}[${SERIAL}]{4,6}|` +
    `${HEAD}[${SERIAL}]{4}应急|${PROVINCE}?[0-9]{6}[使领]|[使领][0-9]{6}|` +
    `WJ(?:${PROVINCE}?[0-9]{4}[0-9A-Z消边警电金森通]|[0-9]{2}[消边警电金森通]?[0-9]{4,5})|` +
    `[BCGHJKLNSVZ][A-Z][0-9]{5}|[军空海北沈兰济南广成][A-Z][0-9]{5}|民航[A-Z0-9][0-9]{4}|${PROVINCE}[0-9]{2}[${SERIAL}]{5})$`,
)
/** Hong Kong, Macau, Taiwan, Russia, Kazakhstan, Mongolia, Vietnam, Myanmar, Laos, Korea. */
const NEIGHBOURS = new RegExp(
  '^(?:[A-HJ-NPR-Z](?:[1-9][0-9]{2,3}|[A-HJ-NPR-Z][1-9][0-9]{1,3})|[AM][A-Z]?(?!0000)[0-9]{4}|[A-HJ-NP-Z]{3}[0-9]{4}|' +
    '[ABEKMHOPCTYX](?!000)[0-9]{3}[ABEKMHOPCTYX]{2}[0-9]{2,3}|[0-9]{3}[A-Z]{2,3}[0-9]{2}|[0-9]{4}[A-ZА-ЯӨҮ]{3}|' +
    '[0-9]{2}[A-Z][A-Z0-9]?[0-9]{4,5}|[0-9][A-Z][0-9]{4}|[\u0e81-\u0ede]{2}[0-9]{4}|[0-9]{2,3}[가-힣][0-9]{4})$',
)
const TRADITIONAL = '滬雲遼魯蘇贛贑晉陝陜閩貴粵寧甯寜瓊黒蔵⻘學領掛應試軍瀋蘭濟廣邊電臨藍黃綠'
const SIMPLIFIED = '沪云辽鲁苏赣赣晋陕陕闽贵粤宁宁宁琼黑藏青学领挂应试军沈兰济广边电临蓝黄绿'
/** Cyrillic and Greek letters that look like Latin ones. */
const TWINS = 'АВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ'
const LATIN = 'ABESIJKMHOPCTYXABEZHIKMNOPTYX'
const VARIANTS = new RegExp(`[${TRADITIONAL}${TWINS}]`, 'g')
/** What stands around a plate in texts, and the colour that many cameras put before or after it. */
const AROUND = /[[\](){}<>"'`,、【】〔〕「」『』〈〉《》\u201c\u201d‘’]/g
const COLOUR = '(?:渐变绿|黄绿|新能源绿?|[蓝黄绿白黑])(?:色|牌|色牌)?'
const LABEL = /^车牌(?:号码?)?:?(?=.)/
const COLOUR_FIRST = new RegExp(`^${COLOUR}[:/|]?(?=[${PROVINCES.join('')}使领临][A-Z0-9])`)
const COLOUR_LAST = new RegExp(`([A-Z0-9警学挂港澳使领临])[:/|]?${COLOUR}$`)
const ZERO_FOR_O = new RegExp(`^(${PROVINCE})0(?=[${SERIAL}OI]{4}[${SERIAL}OI警]$)`)
const HONG_KONG = /^([A-HJ-NPR-Z]{1,2})([1-9I][0-9OI]{1,3})$/

const NEXT = [...DIGITS, ...LETTERS, TEMPORARY]

/** Capitals without separators and what cameras put around; after a plate's first two characters O is 0 and I is 1. */
export function normalisePlate(text: string): string {
  const plain = compact(text).replace(AROUND, '').toUpperCase().replace(VARIANTS, usual)
  const plate = plain.replace(LABEL, '').replace(COLOUR_FIRST, '').replace(COLOUR_LAST, '$1').replace(ZERO_FOR_O, '$1O')
  const head = (BEGINNING.exec(plate) ?? HONG_KONG.exec(plate)?.slice(1))?.[0] ?? plate
  return head + plate.slice(head.length).replace(/O/g, '0').replace(/I/g, '1')
}

function usual(sign: string): string {
  const at = TRADITIONAL.indexOf(sign)
  return at >= 0 ? SIMPLIFIED[at] : LATIN[TWINS.indexOf(sign)]
}

export function isNewEnergy(plate: string): boolean {
  return NEW_ENERGY.test(plate)
}

export function isPlate(plate: string): boolean {
  return isNewEnergy(plate) || OTHERS.test(plate) || NEIGHBOURS.test(plate)
}

/** A plate, or seven characters that one more makes one. */
export function couldBecomePlate(text: string): boolean {
  return isPlate(text) || (text.length === PETROL_LENGTH && NEXT.some((last) => isPlate(text + last)))
}

export interface Key {
  text: string
  enabled: boolean
}

/** Rows of the keyboard for the character at `position` (0 = province, 1 = letter); past the end all rest. */
export function keysFor(position: number): Key[][] {
  const open = position < NEW_ENERGY_LENGTH
  if (position <= 0) return rows(keys(PROVINCES, open), 8)
  const isLast = (text: string) => position === PETROL_LENGTH - 1 || (position === PETROL_LENGTH && text === TEMPORARY)
  const letters = [...keys(LETTERS, open), ...TAILS.map((text) => ({ text, enabled: isLast(text) }))]
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
