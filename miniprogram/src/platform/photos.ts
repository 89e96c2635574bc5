/** A photograph that the person takes or chooses, small enough to send: its longer side and weight are bounded. */
import { Declined } from '@/api/errors'

/** `url` shows it on the page; `base64` is what is sent. */
export interface Photo {
  url: string
  base64: string
}

/** What small print needs, and no more: the server draws it anew within the same bounds. */
const MOST_PIXELS = 2_000_000
const MOST_LENGTH = 1_800_000
const QUALITY = 0.78

const unreadable = () => new Declined('打不开这张照片，请换一张')

/** Null when the person chose none. */
export async function takePhoto(): Promise<Photo | null> {
  // #ifdef H5
  const file = await chosenInBrowser()
  return file && (await drawn(file))
  // #endif
  // #ifndef H5
  return takenInWechat()
  // #endif
}

/** How large it is drawn: within the pixels that are sent, in its own shape. */
export function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** The data of a `data:` address; throws Declined for what is too long to send. */
export function dataOf(url: string): string {
  const data = url.slice(url.indexOf(',') + 1)
  if (!data || data.length > MOST_LENGTH) throw unreadable()
  return data
}

// #ifdef H5
function chosenInBrowser(): Promise<File | null> {
  const field = document.createElement('input')
  field.type = 'file'
  field.accept = 'image/*'
  return new Promise((resolve) => {
    field.addEventListener('change', () => resolve(field.files?.[0] ?? null))
    field.addEventListener('cancel', () => resolve(null))
    field.click()
  })
}

async function drawn(file: File): Promise<Photo> {
  // Upright, as browsers draw it. What else the file says stays on the phone.
  const bitmap = await createImageBitmap(file).catch(() => {
    throw unreadable()
  })
  const canvas = document.createElement('canvas')
  Object.assign(canvas, fitted(bitmap.width, bitmap.height))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  const url = canvas.toDataURL('image/jpeg', QUALITY)
  return { url, base64: dataOf(url) }
}
// #endif

// #ifndef H5
async function takenInWechat(): Promise<Photo | null> {
  const path = await chosenInWechat()
  if (!path) return null
  const smaller = await compressed(path)
  return { url: smaller, base64: dataOf(await readBase64(smaller)) }
}

function chosenInWechat(): Promise<string | null> {
  return new Promise((resolve, reject) => {
    uni.chooseMedia({
      count: 1,
      mediaType: ['image'],
      sizeType: ['compressed'],
      sourceType: ['camera', 'album'],
      success: ({ tempFiles }) => resolve(tempFiles[0]?.tempFilePath ?? null),
      fail: ({ errMsg }: { errMsg?: string }) => {
        if (/auth|deny|permission/i.test(errMsg ?? '')) reject(new Declined('请在微信设置中允许使用相机和相册'))
        else resolve(null)
      },
    })
  })
}

/** As it is where the phone cannot make it smaller: the server bounds it, too. */
function compressed(path: string): Promise<string> {
  return new Promise((resolve) => {
    uni.compressImage({
      src: path,
      quality: Math.round(QUALITY * 100),
      success: ({ tempFilePath }) => resolve(tempFilePath),
      fail: () => resolve(path),
    })
  })
}

function readBase64(filePath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath,
      encoding: 'base64',
      success: ({ data }) => resolve(String(data)),
      fail: () => reject(unreadable()),
    })
  })
}
// #endif
