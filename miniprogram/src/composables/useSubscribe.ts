import { Declined } from '@/api/errors'
import type { Answers, TemplateOption } from '@/api/types'
import { platform } from '@/stores/session'

/**
 * Asks for the subscriptions in WeChat's dialog and answers by the API's template names.
 * Throws Declined when nothing was accepted: there is nothing to store then.
 */
export async function askSubscriptions(options: TemplateOption[]): Promise<Answers> {
  const byId = await platform().subscribe(options.map((option) => option.template_id))
  const answers: Answers = {}
  for (const option of options) answers[option.template] = byId[option.template_id] ?? 'reject'
  if (!Object.values(answers).includes('accept')) throw new Declined('至少允许一种提醒，才能完成订阅')
  return answers
}
