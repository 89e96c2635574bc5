/** Gives the person a text or a document to keep. */
import { Declined } from '@/api/errors'

export type Kept = 'saved' | 'copied' | 'opened'

/** As a file where the surroundings save one, else in the clipboard. Throws Declined when neither is allowed. */
export async function keepText(name: string, text: string, downloads: boolean): Promise<Kept> {
  // #ifdef H5
  if (downloads) {
    save(name, new Blob([text], { type: 'application/json' }))
    return 'saved'
  }
  // #endif
  await copy(text)
  return 'copied'
}

/**
 * A PDF (base64) as a file where the surroundings save one; in the mini-program in the phone's own viewer, from where
 * it is sent and saved. Throws Declined where neither can be done.
 */
export async function keepPdf(name: string, base64: string, downloads: boolean): Promise<Kept> {
  // #ifdef H5
  if (!downloads) throw new Declined('这里不能保存文件，请在手机浏览器中打开会员页再导出')
  save(name, new Blob([bytes(base64)], { type: 'application/pdf' }))
  return 'saved'
  // #endif
  // #ifndef H5
  await view(name, base64)
  return 'opened'
  // #endif
}

/**
 * A picture (a data URI) among the phone's own, or as a file where the surroundings save one. Throws Declined where the
 * person does not allow it, or it has to be saved by a long press.
 */
export async function keepPicture(name: string, uri: string, downloads: boolean): Promise<void> {
  const base64 = uri.slice(uri.indexOf(',') + 1)
  // #ifdef H5
  if (!downloads) throw new Declined('请长按图片保存')
  save(name, new Blob([bytes(base64)], { type: 'image/jpeg' }))
  // #endif
  // #ifndef H5
  await intoAlbum(base64)
  // #endif
}

// #ifdef H5
function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken the file when the click is through, not before.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
// #endif

// #ifndef H5
declare const wx: { env: { USER_DATA_PATH: string } }

function view(name: string, base64: string): Promise<void> {
  const filePath = `${wx.env.USER_DATA_PATH}/${name}`
  const declined = () => new Declined('打不开文件，请稍后重试')
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().writeFile({
      filePath,
      data: base64,
      encoding: 'base64',
      success: () =>
        uni.openDocument({
          filePath,
          fileType: 'pdf',
          showMenu: true,
          success: () => resolve(),
          fail: () => reject(declined()),
        }),
      fail: () => reject(declined()),
    })
  })
}
// #endif

// #ifndef H5
function intoAlbum(base64: string): Promise<void> {
  const filePath = `${wx.env.USER_DATA_PATH}/poster.jpg`
  const declined = () => new Declined('没有保存：请在设置里允许保存到相册，或长按图片保存')
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().writeFile({
      filePath,
      data: base64,
      encoding: 'base64',
      success: () => uni.saveImageToPhotosAlbum({ filePath, success: () => resolve(), fail: () => reject(declined()) }),
      fail: () => reject(declined()),
    })
  })
}
// #endif

const notCopied = () => new Declined('复制失败，请允许使用剪贴板后重试')

export const copyText = copy

async function copy(text: string): Promise<void> {
  // #ifdef H5
  if (await copiedByBrowser(text)) return
  throw notCopied()
  // #endif
  // #ifndef H5
  await copiedByWechat(text)
  // #endif
}

// #ifdef H5
/** The clipboard, or where a browser keeps it shut to pages the old command, which needs a field with the text. */
async function copiedByBrowser(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.body.appendChild(document.createElement('textarea'))
    field.value = text
    field.select()
    const copied = document.execCommand('copy')
    field.remove()
    return copied
  }
}
// #endif

// #ifndef H5
function copiedByWechat(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    uni.setClipboardData({
      data: text,
      showToast: false,
      success: () => resolve(),
      fail: () => reject(notCopied()),
    })
  })
}
// #endif
