/** @jest-environment jsdom */
import { keepPdf, keepText } from '@/platform/files'

function clipboard(open: boolean): string[] {
  const copied: string[] = []
  const writeText = async (text: string) => {
    if (!open) throw new DOMException('not allowed')
    copied.push(text)
  }
  Object.assign(navigator, { clipboard: { writeText } })
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
  const copied = clipboard(true)
  await expect(keepText('me.json', '{"a":1}', false)).resolves.toBe('copied')
  expect(copied).toEqual(['{"a":1}'])
})

test('a clipboard that is shut is gone around, and where that fails, too, it is told', async () => {
  clipboard(false)
  const commands: string[] = []
  const copies = (works: boolean) => Object.assign(document, { execCommand: (name: string) => !!commands.push(name) && works })
  copies(true)
  await expect(keepText('me.json', '{}', false)).resolves.toBe('copied')
  copies(false)
  await expect(keepText('me.json', '{}', false)).rejects.toThrow('复制失败')
  expect(commands).toEqual(['copy', 'copy'])
  expect(document.querySelector('textarea')).toBeNull()
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
