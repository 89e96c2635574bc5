import { members } from '@/api'
import { setUpSession } from '@/stores/session'
import { browser } from '@/platform/h5-sms'
import { storeToken } from '@/stores/token'

test('however many calls find the session over, one way to sign in is shown', async () => {
  const kept = new Map<string, unknown>()
  const shown: string[] = []
  const refusal = JSON.stringify({ error: { code: 'session_invalid', message: '登录已过期', fields: {} } })
  Object.assign(globalThis, {
    fetch: async () => new Response(refusal, { status: 401 }),
    uni: {
      getStorageSync: (key: string) => kept.get(key) ?? '',
      setStorageSync: (key: string, value: unknown) => void kept.set(key, value),
      removeStorageSync: (key: string) => void kept.delete(key),
      navigateTo: ({ url }: { url: string }) => void shown.push(url),
    },
  })
  setUpSession({ platform: browser, scene: '', fresh: false })
  storeToken('over')
  const answers = await Promise.allSettled([members.points(), members.me()])
  expect(answers.map((one) => one.status)).toEqual(['rejected', 'rejected'])
  expect(shown).toEqual(['/pages/signin/index?expired=1'])
})
