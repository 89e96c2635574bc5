import { members } from '@/api'
import type { Answers, TemplateOption } from '@/api/types'
import { platform } from '@/stores/session'

import { useCommand } from './useCommand'
import { askSubscriptions } from './useSubscribe'

/**
 * Lets a member be told what becomes of what they send. WeChat opens its dialog only straight from a tap, so it is asked
 * first; whatever the answer, sending goes on, and does not wait for the server to know it. Says whether they said yes.
 */
export function useNotice() {
  const { run } = useCommand((answers: Answers, key) => members.subscribe(answers, key))

  return async function ask(option: TemplateOption): Promise<boolean> {
    if (!platform().subscribes) return false
    try {
      void run(await askSubscriptions([option])).catch(() => undefined)
      return true
    } catch {
      // No is an answer, too: the list says what became of it.
      return false
    }
  }
}
