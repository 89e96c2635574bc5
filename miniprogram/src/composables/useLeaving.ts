import { ref, shallowRef } from 'vue'

import { members } from '@/api'
import { ApiError } from '@/api/errors'
import type { LeavingCost, LeavingNotice, Left } from '@/api/types'
import { tellError } from '@/stores/notice'
import { leftForGood } from '@/stores/session'

import { useCommand } from './useCommand'

export type LeavingStep = 'closed' | 'notice' | 'confirm'

/** Leaving in two steps: what it costs, then once more. What was told is sent along, so it never takes more. */
export function useLeaving() {
  const step = ref<LeavingStep>('closed')
  const notice = shallowRef<LeavingNotice | null>(null)
  const left = shallowRef<Left | null>(null)
  const asking = ref(false)
  const { busy, run } = useCommand((told: LeavingCost, key) => members.leave(told, key))

  async function ask(): Promise<void> {
    if (asking.value) return
    asking.value = true
    try {
      notice.value = await members.leaving()
      step.value = 'notice'
    } catch (error) {
      tellError(error)
    } finally {
      asking.value = false
    }
  }

  async function leave(): Promise<void> {
    if (!notice.value) return
    try {
      const done = await run(notice.value.cost)
      if (!done) return
      step.value = 'closed'
      left.value = done
      leftForGood()
    } catch (error) {
      tellError(error)
      if (isRefusal(error)) await ask()
    }
  }

  function close(): void {
    if (!busy.value) step.value = 'closed'
  }

  return { step, notice, left, asking, busy, ask, leave, close }
}

/** The server said no, so something has changed since the notice: it is read anew. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.kind === 'refused'
}
