/**
 * What a member does here, told to the mall by the handful. Nothing waits for it and nothing is shown of it: what cannot
 * be sent stays until it can, the latest acts of a week, and is forgotten when somebody signs out.
 */
import { watch } from 'vue'

import { behaviour } from '@/api'
import { ApiError } from '@/api/errors'
import type { Act } from '@/api/types'
import { uuid } from '@/rules/ids'

import { online } from './network'
import { session } from './session'
import { sceneNow } from './visit'

const KEY = 'huitou.acts'
const MOST_KEPT = 200
const BATCH = 100
const ENOUGH = 20
const WAIT_MS = 30_000
const WEEK_MS = 7 * 24 * 60 * 60 * 1000
const LONGEST_WORDS = 60

interface Queue {
  member: string
  acts: Act[]
}

let queue: Queue = { member: '', acts: [] }
let sending = false
let timer: ReturnType<typeof setTimeout> | undefined
let seen: { page: string; since: number } | null = null
let lastSearched = ''

/** Notes one act of the member who is signed in; of anybody else nothing is noted. */
export function note(kind: Act['kind'], facts: Pick<Act, 'page' | 'subject' | 'words' | 'seconds'> = {}): void {
  if (!isMine()) return
  const act: Act = { id: uuid(), kind, at: new Date().toISOString(), scene: sceneNow(), ...facts }
  queue.acts = [...queue.acts, act].slice(-MOST_KEPT)
  if (queue.acts.length >= ENOUGH) void tell()
  else plan()
}

/** What somebody looked for, once for as long as it stands there. */
export function noteSearch(words: string): void {
  const told = storable(words.trim())
  if (told && told !== lastSearched) note('search', { words: told })
  lastSearched = told
}

/** A page is seen, also one that is seen again; how long the one before was seen is known now. */
export function pageShown(route = ''): void {
  const page = route.replace(/^\/?pages\/|\/index$/g, '')
  if (!page || seen?.page === page) return
  pageLeft()
  seen = { page, since: Date.now() }
  note('page', { page })
}

/** The program is put away: what is not sent by the time it ends is kept for its next start. */
export function putAway(): void {
  pageLeft()
  void tell()
  keep()
}

/** Follows who is here and whether there is a network; once, when the program starts. */
export function followActs(): void {
  watch(online, (now) => now && void tell())
  watch(() => session.phase, (phase) => {
    if (phase === 'member') begin()
    if (phase === 'guest') forget()
  })
}

/** Sends what there is, a batch at a time; what the server took in or refused is gone, all else stays. */
export async function tell(): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  if (sending || !isMine() || !queue.acts.length || !online.value) return
  const batch = queue.acts.slice(0, BATCH)
  sending = true
  const done = await behaviour.tell(new Date().toISOString(), batch).then(() => true, isHopeless)
  sending = false
  if (done) drop(batch)
  if (queue.acts.length) plan()
}

/** The page that was there before anybody was known is seen by the member now. */
function begin(): void {
  note('open')
  if (seen) note('page', { page: seen.page })
}

function pageLeft(): void {
  if (!seen) return
  const seconds = Math.round((Date.now() - seen.since) / 1000)
  if (seconds > 0) note('dwell', { page: seen.page, seconds })
  seen = null
}

function plan(): void {
  timer = timer ?? setTimeout(() => void tell(), WAIT_MS)
}

/** What the server cannot read is not sent again; who was too quick comes back later. */
function isHopeless(error: unknown): boolean {
  return error instanceof ApiError && error.kind === 'refused' && error.retryAfter === 0
}

function drop(batch: Act[]): void {
  const gone = new Set(batch.map((act) => act.id))
  queue.acts = queue.acts.filter((act) => !gone.has(act.id))
  keep()
}

function forget(): void {
  queue = { member: '', acts: [] }
  clearTimeout(timer)
  timer = undefined
  uni.removeStorageSync(KEY)
}

/** Whether somebody is here whose acts these are; the acts of another member go. */
function isMine(): boolean {
  const member = session.phase === 'member' ? session.member?.id : ''
  if (!member) return false
  if (queue.member !== member) queue = { member, acts: kept(member) }
  return true
}

function keep(): void {
  if (queue.acts.length) uni.setStorageSync(KEY, JSON.stringify(queue))
  else uni.removeStorageSync(KEY)
}

function kept(member: string): Act[] {
  try {
    const found = JSON.parse((uni.getStorageSync(KEY) as string) || '{}') as Partial<Queue>
    if (found.member !== member) return []
    return (found.acts ?? []).filter((act) => Date.now() - Date.parse(act.at) < WEEK_MS)
  } catch {
    return []
  }
}

/** Cut short, and without halves of characters, which no server can keep. */
function storable(words: string): string {
  const whole = Array.from(words).filter((one) => !/^[\ud800-\udfff]$/.test(one))
  return whole.slice(0, LONGEST_WORDS).join('')
}
