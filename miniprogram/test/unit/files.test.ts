/** @jest-environment jsdom */
import { keepPdf, keepText } from '@/platform/files'

type Clipboard = { data: string; success: () => void; fail: () => void }

function clipboard(answer: 'success' | 'fail'): string[] {
  const copied: string[] = []
  const setClipboardData = (options: Clipboard) => {
    if (answer === 'success') copied.push(options.data)
    options[answer]()
  }
  Object.assign(global.uni as object, { setClipboardData })
  return copied
}

test('where files can be saved, the text becomes a file of that name', async () => {
  const saved: [string, string][] = []
  const texts: Blob[] = []
  Object.assign(URL, { createObjectURL: (blob: Blob) => `blob:${texts.push(blob)}`, revokeObjectURL: () => undefined })
  jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push([this.download, this.href])
  })
  jest.useFakeTimers()
  await expect(keepText('me.json', '{"a":1}', true)).resolves.toBe('saved')
  expect(saved).toEqual([['me.json', 'blob:1']])
  expect(texts[0].size).toBe('{"a":1}'.length)
  jest.useRealTimers()
})

test('elsewhere it goes to the clipboard', async () => {
  const copied = clipboard('success')
  await expect(keepText('me.json', '{"a":1}', false)).resolves.toBe('copied')
  expect(copied).toEqual(['{"a":1}'])
})

test('a clipboard that is not allowed is told', async () => {
  clipboard('fail')
  await expect(keepText('me.json', '{}', false)).rejects.toThrow('复制失败')
})

test('a document is saved where files can be, and nowhere else in a browser', async () => {
  const kept: Blob[] = []
  Object.assign(URL, { createObjectURL: (blob: Blob) => `blob:${kept.push(blob)}`, revokeObjectURL: () => undefined })
  jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
  jest.useFakeTimers()
  await expect(keepPdf('me.pdf', btoa('%PDF-1'), true)).resolves.toBe('saved')
  expect([kept[0].size, kept[0].type]).toEqual([6, 'application/pdf'])
  jest.useRealTimers()
  await expect(keepPdf('me.pdf', 'JVBERi0=', false)).rejects.toThrow('请在手机浏览器中')
})
