import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { computed, ref, shallowRef } from 'vue'

import { members } from '@/api'
import { ApiError, textOf } from '@/api/errors'
import type { MemberCode } from '@/api/types'
import { tellError } from '@/stores/notice'
import { platform } from '@/stores/session'

import { useCountdown } from './useCountdown'

const RETRY_MS = 5000

/**
 * The rolling member code: replaced by a new one before it runs out, never shown after. The screen is bright
 * while it is seen.
 */
export function useMemberCode() {
  const code = shallowRef<MemberCode | null>(null)
  const problem = ref('')
  const loading = ref(false)
  let wanted = false

  const { left, start } = useCountdown(() => void load())
  const seconds = computed(() => Math.ceil(left.value / 1000))
  const share = computed(() => (code.value ? left.value / (code.value.refresh_in_s * 1000) : 0))

  async function load(): Promise<void> {
    if (loading.value || !wanted) return
    loading.value = true
    try {
      code.value = await members.code()
      problem.value = ''
      start(code.value.refresh_in_s * 1000)
    } catch (error) {
      missed(error)
    } finally {
      loading.value = false
    }
  }

  /** What is shown still counts until its time is over; an old code would be refused: better none than a wrong one. */
  function missed(error: unknown): void {
    if (code.value && left.value > 0) return tellError(error)
    code.value = null
    problem.value = textOf(error)
    const asked = error instanceof ApiError ? error.retryAfter * 1000 : 0
    start(Math.max(RETRY_MS, asked))
  }

  /** From now on there is a member whose code is to be kept fresh. */
  function show(): void {
    wanted = true
    platform().brighten(true)
    if (!code.value || left.value === 0) void load()
  }

  function hide(): void {
    wanted = false
    platform().brighten(false)
  }

  onShow(() => {
    if (code.value && left.value === 0) code.value = null
  })
  onHide(hide)
  onUnload(hide)

  return { code, problem, loading, seconds, share, load, show }
}
