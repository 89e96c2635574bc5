import { keepText } from '@/platform/files'

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
