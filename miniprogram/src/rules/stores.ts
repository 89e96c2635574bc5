/** Finding a store among those of a mall, and whether it is open now. */
import type { DirectoryStore } from '@/api/types'

import { mallParts } from './time'

const DAY_MINUTES = 24 * 60

export interface Wanted {
  words: string
  category: string
}

/** The stores of a kind whose name, floor or description has all the words. */
export function findStores(stores: DirectoryStore[], wanted: Wanted): DirectoryStore[] {
  const words = plain(wanted.words).split(' ').filter(Boolean)
  return stores.filter((store) => {
    if (wanted.category && store.category !== wanted.category) return false
    const text = plain(`${store.name} ${store.floor} ${store.about ?? ''}`)
    return words.every((word) => text.includes(word))
  })
}

/** `10:00–22:00`, `10:00–次日 01:30`, `全天营业`; empty when nobody told. */
export function hoursText(store: DirectoryStore): string {
  const { opens_minute: opens, closes_minute: closes } = store
  if (opens === null || closes === null) return ''
  if (opens === closes) return '全天营业'
  return `${clockText(opens)}–${closes < opens ? '次日 ' : ''}${clockText(closes)}`
}

/** Whether it is open at a moment; null when nobody told its hours. */
export function isOpen(store: DirectoryStore, now: number): boolean | null {
  const { opens_minute: opens, closes_minute: closes } = store
  if (opens === null || closes === null) return null
  const { hour, minute } = mallParts(now)
  const length = (closes - opens + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES
  return (hour * 60 + minute - opens + DAY_MINUTES) % DAY_MINUTES < length
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
