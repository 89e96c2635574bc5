import { onShow } from '@dcloudio/uni-app'
import { shallowRef } from 'vue'

/**
 * What stands beside a page's own part: nothing until it is there, and nothing is told when it fails. Read anew, as
 * the page itself is, whenever the page is shown again.
 */
export function useAside<T>(fetch: () => Promise<T>) {
  const data = shallowRef<T | null>(null)
  let turn = 0
  let answered = false

  async function look(): Promise<void> {
    turn += 1
    const mine = turn
    try {
      const found = await fetch()
      if (mine === turn) data.value = found
    } catch {
      // What was found before stays.
    } finally {
      answered = true
    }
  }

  void look()
  // Who is made while the page is being shown has just begun to look.
  onShow(() => {
    if (answered) void look()
  })

  return data
}
