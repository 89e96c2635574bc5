import { computed, ref, shallowRef } from 'vue'

import type { Page } from '@/api/types'
import { tellError } from '@/stores/notice'

export interface Identified {
  id: string
}

/** A list that grows page by page. `first` starts anew, `more` appends; a failed page can simply be asked again. */
export function usePaged<T extends Identified, P extends Page<T>>(fetch: (cursor?: string) => Promise<P>) {
  const items = shallowRef<T[]>([])
  const cursor = ref<string | null>(null)
  const loading = ref(false)
  const more = computed(() => cursor.value !== null)
  let turn = 0

  async function first(): Promise<P> {
    turn += 1
    const mine = turn
    const page = await fetch()
    if (mine === turn) take([], page)
    return page
  }

  async function next(): Promise<void> {
    if (loading.value || cursor.value === null) return
    const mine = turn
    loading.value = true
    try {
      const page = await fetch(cursor.value)
      if (mine === turn) take(items.value, page)
    } catch (error) {
      tellError(error)
    } finally {
      loading.value = false
    }
  }

  /** An entry that moved between two pages while they were read is shown once. */
  function take(before: T[], page: P): void {
    const known = new Set(before.map((item) => item.id))
    items.value = [...before, ...page.items.filter((item) => !known.has(item.id))]
    cursor.value = page.next_cursor
  }

  return { items, more, loading, first, next }
}
