import { byBrowser } from '@/api/transport'

type Given = { url: string; options: RequestInit }

/** A browser whose requests are answered so. */
function answering(status: number, text: string, headers: Record<string, string> = {}): Given[] {
  const given: Given[] = []
  global.fetch = (async (url: string, options: RequestInit) => {
    given.push({ url, options })
    return { status, text: async () => text, headers: new Map(Object.entries(headers)) }
  }) as unknown as typeof fetch
  return given
}

const GET = { method: 'GET' as const, url: '/api/v1/members/me', headers: { Accept: 'application/json' } }

test('a request goes out as it is asked for, and its answer comes back with status, body and headers', async () => {
  const given = answering(409, '{"error":{"code":"x"}}', { 'x-server-time': '2026-01-01T00:00:00Z' })
  const answer = await byBrowser({ ...GET, method: 'POST', body: { points: 700 } })
  expect(answer).toEqual({
    status: 409,
    body: { error: { code: 'x' } },
    headers: { 'x-server-time': '2026-01-01T00:00:00Z' },
  })
  expect(given[0].options).toMatchObject({ method: 'POST', body: '{"points":700}', headers: GET.headers })
})

test('nothing is sent with a read, and a page instead of JSON is handed on as text', async () => {
  const given = answering(502, '<html>')
  expect((await byBrowser(GET)).body).toBe('<html>')
  expect(given[0].options.body).toBeUndefined()
})

test('a server that does not answer is given up after twelve seconds', async () => {
  jest.useFakeTimers()
  global.fetch = ((_: string, { signal }: { signal: AbortSignal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))) as typeof fetch
  const given = expect(byBrowser(GET)).rejects.toThrow('aborted')
  await jest.advanceTimersByTimeAsync(12_000)
  await given
  jest.useRealTimers()
})
