/** How large text is, from what somebody chose and what their phone is set to. */
export type Scheme = 'system' | 'light' | 'dark'
export type TypeSize = 'standard' | 'large'

export interface Chosen {
  scheme: Scheme
  /** Empty: as the phone is set. */
  type: TypeSize | ''
}

/** What 大字 is. Layouts hold up to the limit; a phone set beyond it gets that. */
const LARGE = 1.2
const LIMIT = 1.3

/** The factor of all text. `system` is the phone's own one, 1 where text is as usual. */
export function typeScale(chosen: TypeSize | '', system: number): number {
  if (chosen === 'standard') return 1
  const wished = system > 1 ? Math.min(system, LIMIT) : 1
  return chosen === 'large' ? Math.max(LARGE, wished) : wished
}

/** WeChat's setting in pixels as a factor: 17 is its usual size on one system, 16 on the other. */
export function factorOf(fontSizeSetting: number | undefined): number {
  return fontSizeSetting && fontSizeSetting > 17 ? Math.round((fontSizeSetting / 17) * 100) / 100 : 1
}
