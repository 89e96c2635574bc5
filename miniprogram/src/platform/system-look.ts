/** What the phone is set to: dark or light, and how large text is. Told at once, and again when it changes. */
import { factorOf } from '@/rules/look'

type Tell = (system: { systemDark?: boolean; systemType?: number }) => void

export function watchSystem(tell: Tell): void {
  // #ifdef H5
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const say = () => tell({ systemDark: dark.matches })
  dark.addEventListener?.('change', say)
  say()
  tell({ systemType: usualSize() / 16 })
  // #endif
  // #ifndef H5
  const { theme, fontSizeSetting } = uni.getAppBaseInfo() as { theme?: string; fontSizeSetting?: number }
  tell({ systemDark: theme === 'dark', systemType: factorOf(fontSizeSetting) })
  uni.onThemeChange(({ theme: now }) => tell({ systemDark: now === 'dark' }))
  // #endif
}

// #ifdef H5
/** The browser's own size of text: pages that give none get it. */
function usualSize(): number {
  const ruler = document.createElement('span')
  ruler.style.cssText = 'position:absolute;font-size:medium'
  document.body.appendChild(ruler)
  const size = parseFloat(getComputedStyle(ruler).fontSize)
  ruler.remove()
  return size || 16
}
// #endif
