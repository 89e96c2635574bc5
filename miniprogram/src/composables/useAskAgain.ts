import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { watch } from 'vue'

import { online } from '@/stores/network'

const PAUSE_MS = 15_000
const LONGEST_PAUSE_MS = 120_000

/** Milliseconds until the next look: each failure in a row doubles the pause, up to two minutes. */
export function pauseAfter(failures: number, pause = PAUSE_MS): number {
  return Math.min(pause * 2 ** failures, LONGEST_PAUSE_MS)
}

/**
 * Looks again and again while the page is seen, there is a network and `wanted` holds. One look at a time, and none
 * is shown to have failed: what is on the page stays, and the next look comes later. The first one comes after `first`
 * milliseconds, which is no time where a page does not load the same itself.
 */
export function useAskAgain(look: () => Promise<void>, wanted: () => boolean, pause = PAUSE_MS, first = pause): void {
  let seen = false
  let looking = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function plan(after = pauseAfter(failures, pause)): void {
    clearTimeout(timer)
    if (seen && !looking && online.value && wanted()) timer = setTimeout(() => void lookNow(), after)
  }

  async function lookNow(): Promise<void> {
    looking = true
    try {
      await look()
      failures = 0
    } catch {
      failures += 1
    } finally {
      looking = false
      plan()
    }
  }

  function be(visible: boolean): void {
    seen = visible
    failures = 0
    plan(first)
  }

  onShow(() => be(true))
  onHide(() => be(false))
  onUnload(() => be(false))
  watch([online, wanted], () => {
    failures = 0
    plan(first)
  })
}
