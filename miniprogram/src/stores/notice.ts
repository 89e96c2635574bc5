/** One short message at a time, shown at the top of whichever page is open. */
import { reactive } from 'vue'

import { Declined, textOf } from '@/api/errors'

const SHOWN_MS = 3200

export type Tone = 'plain' | 'good' | 'bad'

export const notice = reactive({ text: '', tone: 'plain' as Tone })
let timer: ReturnType<typeof setTimeout> | undefined

export function tell(text: string, tone: Tone = 'plain'): void {
  clearTimeout(timer)
  notice.text = text
  notice.tone = tone
  timer = setTimeout(() => (notice.text = ''), SHOWN_MS)
}

/** A failure in red; a person's own no is only noted. */
export function tellError(error: unknown): void {
  tell(textOf(error), error instanceof Declined ? 'plain' : 'bad')
}
