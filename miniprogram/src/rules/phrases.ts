/** Where a headline may break: after a comma first, else between words, never inside one, a mall's name, or between a number and its unit. */

const PHRASE = /[^，、。！；]+[，、。！；]*/g
const NUMBER = /^[0-9][0-9.]*$/

interface Segmenter {
  segment(text: string): Iterable<{ segment: string }>
}

type Segmenting = new (locale: string, options: { granularity: 'word' }) => Segmenter

/** The headline's phrases, each as its words, of which `whole` is one; together they are the headline. */
export function phrasesOf(headline: string, whole = ''): string[][] {
  return (headline.match(PHRASE) ?? []).map((phrase) => wordsOf(phrase, whole))
}

/** Words with what clings to them: blanks and marks to the word before, a unit to its number. */
function wordsOf(phrase: string, whole: string): string[] {
  const words: string[] = []
  for (const part of around(phrase, whole)) {
    const before = words[words.length - 1]
    if (before !== undefined && (!isWord(part) || NUMBER.test(before.trim()))) words[words.length - 1] = before + part
    else words.push(part)
  }
  return words
}

function isWord(part: string): boolean {
  return /[^\s，、。！；：？）》」·]/.test(part)
}

/** A name is one word, whatever the dictionary makes of its letters. */
function around(phrase: string, whole: string): string[] {
  if (!whole) return split(phrase)
  return phrase.split(whole).flatMap((part, at) => (at ? [whole, ...split(part)] : split(part)))
}

/** By the platform's dictionary; where it has none a phrase breaks at its blanks alone. */
function split(phrase: string): string[] {
  const known = typeof Intl === 'undefined' ? undefined : (Intl as unknown as { Segmenter?: Segmenting }).Segmenter
  if (!known) return phrase.match(/\S+\s*/g) ?? []
  return Array.from(new known('zh', { granularity: 'word' }).segment(phrase), (one) => one.segment)
}
