/** Gives the person a text to keep. */
import { Declined } from '@/api/errors'

export type Kept = 'saved' | 'copied'

/** As a file where the surroundings save one, else in the clipboard. Throws Declined when neither is allowed. */
export async function keepText(name: string, text: string, downloads: boolean): Promise<Kept> {
  // #ifdef H5
  if (downloads) {
    save(name, text)
    return 'saved'
  }
  // #endif
  await copy(text)
  return 'copied'
}

// #ifdef H5
function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken the file when the click is through, not before.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
// #endif

function copy(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    uni.setClipboardData({
      data: text,
      showToast: false,
      success: () => resolve(),
      fail: () => reject(new Declined('复制失败，请允许使用剪贴板后重试')),
    })
  })
}
