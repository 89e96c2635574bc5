import { keepSession, memoryHome, sessionToken, setUpToken, storedHome, storeToken } from '@/stores/token'

test('calls that find the session expired together share one renewal', async () => {
  let renewals = 0
  setUpToken(memoryHome(), {
    renew: async () => {
      renewals += 1
      await new Promise((resolve) => setTimeout(resolve))
      storeToken(`fresh-${renewals}`)
      return true
    },
    expired: () => undefined,
  })
  storeToken('stale')
  await expect(Promise.all([keepSession(), keepSession(), keepSession()])).resolves.toEqual([true, true, true])
  expect(renewals).toBe(1)
  expect(sessionToken()).toBe('fresh-1')
  await keepSession()
  expect(renewals).toBe(2)
})

test('a stored token outlives its keeper, one in memory does not', () => {
  storedHome().write('kept')
  expect(storedHome().read()).toBe('kept')
  storedHome().write('')
  expect(storedHome().read()).toBe('')
  memoryHome().write('gone')
  expect(memoryHome().read()).toBe('')
})
