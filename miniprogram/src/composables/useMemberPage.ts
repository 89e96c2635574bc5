import { onPullDownRefresh, onShow } from '@dcloudio/uni-app'
import { computed } from 'vue'

import { enter, session } from '@/stores/session'

import { useLoad } from './useLoad'

/**
 * A page for members: signs in if needed, then loads. Guests and visitors get `data` null and `invited` true;
 * the page shows them the way to join instead.
 */
export function useMemberPage<T>(fetch: () => Promise<T>) {
  const page = useLoad<T | { invited: true }>(async () => {
    await enter()
    return session.phase === 'member' ? fetch() : { invited: true }
  })
  const invited = computed(() => page.state.value === 'ready' && session.phase !== 'member')
  const data = computed(() => (invited.value ? null : (page.data.value as T | null)))

  onShow(() => void page.load())
  onPullDownRefresh(() => void page.load().finally(() => uni.stopPullDownRefresh()))

  return { state: page.state, error: page.error, load: page.load, data, invited }
}
