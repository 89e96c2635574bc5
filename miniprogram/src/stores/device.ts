/** A random name of this phone or browser, made here and kept here: who joins on it themselves is nobody's friend. */
import { uuid } from '@/rules/ids'

const KEY = 'huitou.device'

export function deviceName(): string {
  const known = uni.getStorageSync(KEY) as string
  if (known) return known
  const name = uuid()
  uni.setStorageSync(KEY, name)
  return name
}
