import { ref } from 'vue'

import { ApiError } from '@/api/errors'
import { uuid } from '@/rules/ids'

/**
 * A command bound to a button. One intent (the same input) has one idempotency key, kept until the outcome is
 * known: a second tap while it runs does nothing, a tap after a lost answer repeats the same command.
 */
export function useCommand<Input, Output>(send: (input: Input, key: string) => Promise<Output>) {
  const busy = ref(false)
  let key = ''
  let intent = ''

  async function run(input: Input): Promise<Output | undefined> {
    if (busy.value) return undefined
    const asked = JSON.stringify(input) ?? ''
    if (!key || asked !== intent) key = uuid()
    intent = asked
    busy.value = true
    try {
      const output = await send(input, key)
      key = ''
      return output
    } catch (error) {
      if (!(error instanceof ApiError && error.repeatable)) key = ''
      throw error
    } finally {
      busy.value = false
    }
  }

  return { busy, run }
}
