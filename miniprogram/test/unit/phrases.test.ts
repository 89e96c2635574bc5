import { phrasesOf } from '@/rules/phrases'

test('a headline breaks after commas, and within a phrase between words only', () => {
  const headline = '电梯到之前，先领 2 小时停车券'
  const phrases = phrasesOf(headline)
  expect(phrases.flat().join('')).toBe(headline)
  expect(phrases.map((words) => words.join(''))).toEqual(['电梯到之前，', '先领 2 小时停车券'])
  const words = phrases.flat().map((word) => word.trim())
  expect(words).toContain('2 小时')
  expect(words.some((word) => /^[，。]/.test(word))).toBe(false)
})

test("a mall's name is one word, with a dictionary and without", () => {
  const headline = '加入悦汇城会员，领取入会礼'
  expect(phrasesOf(headline, '悦汇城')[0]).toEqual(['加入', '悦汇城', '会员，'])
  const { Segmenter } = Intl
  Object.assign(Intl, { Segmenter: undefined })
  expect(phrasesOf(headline, '悦汇城')).toEqual([['加入', '悦汇城', '会员，'], ['领取入会礼']])
  Object.assign(Intl, { Segmenter })
})

test('without a dictionary it breaks at blanks, and a number keeps its unit', () => {
  const { Segmenter } = Intl
  Object.assign(Intl, { Segmenter: undefined })
  expect(phrasesOf('先领 2 小时停车券')).toEqual([['先领 ', '2 小时停车券']])
  Object.assign(Intl, { Segmenter })
})
