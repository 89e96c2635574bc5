import { computed, shallowRef } from 'vue'

import { pointsPayments } from '@/api'
import { serverNow } from '@/api/serverClock'
import type { PointsAsked } from '@/api/types'
import { money, thousands } from '@/rules/money'
import { instant } from '@/rules/time'
import { tell, tellError } from '@/stores/notice'
import { refreshMember, session } from '@/stores/session'

import { useAskAgain } from './useAskAgain'
import { useCommand } from './useCommand'
import { useCountdown } from './useCountdown'

const PAUSE_MS = 4_000
/** How much earlier than the countdown the server may find the time to be over. */
const NEARLY_MS = 1_000
const TOO_LATE = '等待确认的积分付款已超时'

/** What a till asks of a member: looked for at once and while the page is seen, until they say yes or no. */
export function usePointsAsked() {
  const asked = shallowRef<PointsAsked | null>(null)
  const { left, start, stop } = useCountdown(() => close(TOO_LATE))
  const confirming = useCommand((id: string, key) => pointsPayments.confirm(id, key))
  const declining = useCommand((id: string, key) => pointsPayments.decline(id, key))
  const busy = computed(() => confirming.busy.value || declining.busy.value)

  async function look(): Promise<void> {
    const [found] = (await pointsPayments.asked()).items
    if (!found || found.id === asked.value?.id) {
      if (!found && asked.value) close(isNearlyOver(asked.value) ? TOO_LATE : '店员已取消这笔积分付款')
      return
    }
    asked.value = found
    start(Math.max(0, instant(found.confirm_by) - serverNow()))
    showBalance()
  }

  function close(why = ''): void {
    stop()
    asked.value = null
    showBalance()
    if (why) tell(why)
  }

  /** What is asked for is held, and however it ends the member has other points than before. */
  function showBalance(): void {
    void refreshMember().catch(() => undefined)
  }

  async function confirm(): Promise<void> {
    if (!asked.value) return
    const { points, worth_fen: worth } = asked.value
    await decide(confirming.run, () => tell(`已付 ${thousands(points)} 积分，抵 ${money(worth)}`, 'good'))
  }

  async function decline(): Promise<void> {
    await decide(declining.run, () => tell('已取消，积分没有扣除'))
  }

  async function decide(run: (id: string) => Promise<PointsAsked | undefined>, done: () => void): Promise<void> {
    if (!asked.value || busy.value) return
    try {
      if (!(await run(asked.value.id))) return
      close()
      done()
    } catch (error) {
      tellError(error)
      await look().catch(() => undefined)
    }
  }

  function isNearlyOver(one: PointsAsked): boolean {
    return instant(one.confirm_by) - serverNow() < NEARLY_MS
  }

  useAskAgain(look, () => session.phase === 'member' && !busy.value, PAUSE_MS, 0)

  return { asked, left, busy, confirm, decline }
}
