/**
 * Who is here: nobody known (guest), a known visitor without membership, or a member.
 * Pages call `enter()` when they show; it signs in where that needs nothing from the person.
 */
import { computed, reactive } from 'vue'

import { members, sessions } from '@/api'
import type { Mall, Member, Session } from '@/api/types'
import type { Launch } from '@/platform'
import type { Platform } from '@/platform/types'
import { themeOf, themeStyle } from '@/rules/colour'
import { uuid } from '@/rules/ids'

import { isDark, scale } from './look'
import { memoryHome, sessionToken, setUpToken, storedHome, storeToken } from './token'
import { arrive, visit } from './visit'

const ACCENT_KEY = 'huitou.accent'

export type Phase = 'starting' | 'guest' | 'visitor' | 'member'

const state = reactive({
  phase: 'starting' as Phase,
  member: null as Member | null,
  mall: null as Mall | null,
  accent: '',
})

let current: Platform
let entering: Promise<void> | null = null
/** After signing out nobody is signed in again in silence. */
let paused = false

export const session = state
export const pageStyle = computed(() => {
  const theme = themeOf(state.mall?.accent ?? state.accent, state.mall?.accent_far, isDark.value)
  return `${themeStyle(theme)};--type:${scale.value}`
})

export function platform(): Platform {
  return current
}

export function setUpSession(launched: Launch): void {
  current = launched.platform
  setUpToken(current.keepsToken ? storedHome() : memoryHome(), { renew, expired })
  if (launched.fresh) storeToken('')
  if (launched.scene) arrive(launched.scene)
  state.accent = (uni.getStorageSync(ACCENT_KEY) as string) || ''
}

/** Makes sure that `session` says who is here; throws what went wrong on the way. */
export function enter(): Promise<void> {
  entering = entering ?? comeIn().finally(() => (entering = null))
  return entering
}

/** Takes over what a sign-in answered. */
export function accept(signedIn: Session): void {
  paused = false
  storeToken(signedIn.token)
  setMember(signedIn.member)
}

export function setMember(member: Member): void {
  state.member = member
  state.phase = member.status
  setMall(member.mall)
}

/** The accent is remembered so that the next start has the right colour from its first frame. */
export function setMall(mall: Mall): void {
  state.mall = mall
  if (mall.accent === state.accent) return
  state.accent = mall.accent
  uni.setStorageSync(ACCENT_KEY, mall.accent)
}

export async function refreshMember(): Promise<void> {
  setMember(await members.me())
}

export async function signOut(): Promise<void> {
  await sessions.signOut(uuid()).catch(() => undefined)
  paused = true
  becomeGuest()
}

/** The membership has ended, and with it every session: nobody is here, and nobody is signed in in silence. */
export function leftForGood(): void {
  paused = true
  becomeGuest()
}

/** The person asked to be signed in again. */
export function resume(): Promise<void> {
  paused = false
  return enter()
}

async function comeIn(): Promise<void> {
  if (sessionToken()) return refreshMember()
  if (!(await renew())) becomeGuest()
}

async function renew(): Promise<boolean> {
  if (!current.silent || paused) return false
  const signedIn = await current.signIn(visit())
  if (!signedIn) return false
  accept(signedIn)
  return true
}

/** Several calls of one page may find the session over: the first shows the way to sign in. */
function expired(): void {
  if (state.phase === 'guest') return
  becomeGuest()
  uni.navigateTo({ url: '/pages/signin/index?expired=1' })
}

function becomeGuest(): void {
  storeToken('')
  state.member = null
  state.phase = 'guest'
}
