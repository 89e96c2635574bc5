/** One or two colours per mall: everything else about them is worked out here, always readable. */

export interface Theme {
  accent: string
  /** Text on the accent. */
  onAccent: string
  /** The accent dark enough to be text on white (4.5:1). */
  accentInk: string
  /** A breath of the accent for surfaces. */
  accentSoft: string
  /** The far end of a gradient that starts with the accent; text on it reads as on the accent. */
  accentDeep: string
}

export const DEFAULT_ACCENT = '#8a5a2b'
const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
const INK: Rgb = [28, 28, 30]
const READABLE = 4.5
/** What a button needs to stand out from the page. */
const VISIBLE = 3
const SOFTNESS = 0.91
// Of the dark scheme, as styles/tokens.scss has them.
const DARK_PAGE: Rgb = [18, 18, 20]
const DARK_SURFACE: Rgb = [30, 30, 33]
const DARK_SOFTNESS = 0.82

type Rgb = [number, number, number]

/**
 * Theme of a mall whose bands run from the accent to the far colour, or to a shade of the accent; anything that is no
 * hex colour falls back to the product's colour.
 */
export function themeOf(accent: string | null | undefined, far?: string | null, dark = false): Theme {
  const base = parse(accent ?? '') ?? (parse(DEFAULT_ACCENT) as Rgb)
  const end = parse(far ?? '')
  if (dark) return darkFrom(base, end)
  const text = end && [WHITE, INK].find((tone) => [base, end].every((colour) => contrast(tone, colour) >= READABLE))
  return end && text ? { ...shadedFrom(base), accent: hex(base), onAccent: hex(text), accentDeep: hex(end) } : shadedFrom(base)
}

function shadedFrom(base: Rgb): Theme {
  const soft = mix(base, WHITE, SOFTNESS)
  const ink = mixedUntil(base, BLACK, (colour) => contrast(colour, soft) >= READABLE)
  const light = contrast(base, INK) > contrast(base, WHITE) && contrast(base, WHITE) < 3
  const surface = light ? base : ink
  return {
    accent: hex(surface),
    onAccent: light ? hex(INK) : '#ffffff',
    accentInk: hex(ink),
    accentSoft: hex(soft),
    accentDeep: hex(light ? mix(base, WHITE, 0.25) : mix(ink, BLACK, 0.38)),
  }
}

/** On a dark page the accent is lightened until it stands out, and its words until they can be read. */
function darkFrom(base: Rgb, end: Rgb | null): Theme {
  const soft = mix(base, DARK_SURFACE, DARK_SOFTNESS)
  const toneOn = (colour: Rgb) => [WHITE, INK].find((tone) => contrast(tone, colour) >= READABLE)
  const accent = mixedUntil(base, WHITE, (colour) => contrast(colour, DARK_PAGE) >= VISIBLE && !!toneOn(colour))
  const tone = toneOn(accent) as Rgb
  const far = end && contrast(tone, end) >= READABLE ? end : mix(accent, tone === WHITE ? BLACK : WHITE, 0.3)
  return {
    accent: hex(accent),
    onAccent: hex(tone),
    accentInk: hex(mixedUntil(base, WHITE, (colour) => [soft, DARK_SURFACE].every((on) => contrast(colour, on) >= READABLE))),
    accentSoft: hex(soft),
    accentDeep: hex(far),
  }
}

/** WCAG contrast of two hex colours, 1 to 21. */
export function contrastOf(one: string, other: string): number {
  return contrast(parse(one) as Rgb, parse(other) as Rgb)
}

/** Inline style for the root of a page: the theme as CSS variables. */
export function themeStyle(theme: Theme): string {
  return [
    `--accent:${theme.accent}`,
    `--on-accent:${theme.onAccent}`,
    `--accent-ink:${theme.accentInk}`,
    `--accent-soft:${theme.accentSoft}`,
    `--accent-deep:${theme.accentDeep}`,
    // What lies over a picture: text stands where it is thick.
    `--veil:${theme.accent}f2`,
    `--veil-half:${theme.accent}99`,
    `--veil-thin:${theme.accent}1f`,
  ].join(';')
}

function parse(text: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text)
  if (short) return short.slice(1).map((part) => parseInt(part + part, 16)) as Rgb
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text)
  return long ? (long.slice(1).map((part) => parseInt(part, 16)) as Rgb) : null
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((part, at) => part + (other[at] - part) * share) as Rgb
}

/** The colour, or what is nearest to it on the way to the other one and will do; rounded as it will be shown. */
function mixedUntil(colour: Rgb, other: Rgb, will: (found: Rgb) => boolean): Rgb {
  let found = colour
  while (!will(found.map(Math.round) as Rgb)) found = mix(found, other, 0.06)
  return found
}

function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const value = part / 255
    return value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4)
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
