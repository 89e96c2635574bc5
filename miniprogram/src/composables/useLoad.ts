import { ref, shallowRef, watch } from 'vue'

import { textOf } from '@/api/errors'
import { online } from '@/stores/network'
import { tellError } from '@/stores/notice'

export type LoadState = 'loading' | 'ready' | 'failed'

/**
 * Loads what a page shows. The first load has a skeleton; later ones keep what is there and only tell when they
 * fail. A failed load repeats itself when the network comes back.
 */
export function useLoad<T>(fetch: () => Promise<T>) {
  const state = ref<LoadState>('loading')
  const error = ref('')
  const data = shallowRef<T | null>(null)
  let turn = 0

  async function load(): Promise<void> {
    turn += 1
    const mine = turn
    if (state.value === 'failed') state.value = 'loading'
    try {
      const found = await fetch()
      if (mine !== turn) return
      data.value = found
      state.value = 'ready'
    } catch (reason) {
      if (mine === turn) fail(reason)
    }
  }

  /** Shows what a look between two loads found; a load that began meanwhile knows better. Throws what went wrong. */
  async function renew(look: () => Promise<T>): Promise<void> {
    const mine = turn
    const found = await look()
    if (mine === turn && state.value === 'ready') data.value = found
  }

  function fail(reason: unknown): void {
    if (data.value !== null) {
      tellError(reason)
      return
    }
    error.value = textOf(reason)
    state.value = 'failed'
  }

  watch(online, (up) => {
    if (up && state.value === 'failed') void load()
  })

  return { state, error, data, load, renew }
}
