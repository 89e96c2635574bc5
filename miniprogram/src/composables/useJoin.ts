import { computed, ref, shallowRef } from 'vue'

import { members } from '@/api'
import { ApiError, Declined } from '@/api/errors'
import type { Coupon, JoinResult, Session } from '@/api/types'
import { accept, platform, resume, session, setMember } from '@/stores/session'
import { tell, tellError } from '@/stores/notice'
import { deviceName } from '@/stores/device'
import { visit } from '@/stores/visit'

import { useCommand } from './useCommand'

/** Joining: with the phone button's code, with a number verified by SMS, or with one verified before. */
export function useJoin(consentVersion: () => string, outdated: () => void) {
  const granted = shallowRef<Coupon[]>([])
  const joined = ref(false)
  const hadBefore = ref(false)
  /** They said no to giving their phone number by one tap, so the page offers the way by SMS, too. */
  const refused = ref(false)
  /** Whether a phone number still has to be had, and how. */
  const phone = computed(() => (session.member?.phone_verified ? 'known' : platform().phone))

  const command = useCommand<{ phone_code?: string }, JoinResult>((input, key) =>
    members.join({ consent_version: consentVersion(), device: deviceName(), ...input, ...visit() }, key),
  )

  async function join(phoneCode?: string): Promise<void> {
    try {
      if (session.phase === 'guest' || session.phase === 'starting') await resume()
      const result = await command.run(phoneCode ? { phone_code: phoneCode } : {})
      if (!result) return
      setMember(result.member)
      granted.value = result.granted
      hadBefore.value = result.had_before
      joined.value = true
    } catch (error) {
      explain(error)
    }
  }

  /** The host's dialog gives the phone number; a no leaves everything as it was. */
  async function askAndJoin(): Promise<void> {
    if (command.busy.value) return
    let code: string
    try {
      code = await platform().askPhone()
    } catch (error) {
      noPhone(error)
      return
    }
    await join(code)
  }

  /** No number came: a person's no stands on the page until they choose another way, a failure is told. */
  function noPhone(error: unknown): void {
    refused.value = error instanceof Declined
    if (!refused.value) tellError(error)
  }

  async function signedInBySms(signedIn: Session): Promise<void> {
    accept(signedIn)
    if (signedIn.member.status !== 'member') await join()
  }

  function explain(error: unknown): void {
    if (!(error instanceof ApiError) || error.code !== 'consent_outdated') return tellError(error)
    tell('会员协议刚刚更新，请阅读后重新点击加入')
    outdated()
  }

  return { busy: command.busy, phone, granted, joined, hadBefore, refused, join, askAndJoin, noPhone, signedInBySms }
}
