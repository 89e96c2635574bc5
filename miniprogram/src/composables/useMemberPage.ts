import { onPullDownRefresh, onShow } from '@dcloudio/uni-app'
import { computed } from 'vue'

import { enter, session, type Phase } from '@/stores/session'

import { useLoad } from './useLoad'

/**
 * A page for members: signs in if needed, then loads. Guests and visitors get `data` null and `invited` true;
 * the page shows them the way to join instead.
 */
export function useMemberPage<T>(fetch: () => Promise<T>) {
  const page = useLoad<T | { invited: true }>(async () => {
    // Somebody known from the page before: what they have and who they are load side by side.
    if (session.phase === 'member') return (await Promise.all([fetch(), enter()]))[0]
    await enter()
    return (session.phase as Phase) === 'member' ? fetch() : { invited: true }
  })
  const invited = computed(() => page.state.value === 'ready' && session.phase !== 'member')
  const data = computed(() => (invited.value ? null : (page.data.value as T | null)))

  onShow(() => void page.load())
  // Browsers have a pull of their own, which loads everything anew.
  // #ifndef H5
  onPullDownRefresh(() => void page.load().finally(() => uni.stopPullDownRefresh()))
  // #endif

  return { state: page.state, error: page.error, load: page.load, renew: page.renew, data, invited }
}
