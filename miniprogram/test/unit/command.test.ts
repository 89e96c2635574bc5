import { ApiError } from '@/api/errors'
import { useCommand } from '@/composables/useCommand'

const lost = () => new ApiError('offline', '', 'offline')
const refused = () => new ApiError('plate_taken', '', 'refused')

function recorder(outcomes: (Error | string)[]) {
  const keys: string[] = []
  const command = useCommand(async (_: { plate: string }, key) => {
    keys.push(key)
    const outcome = outcomes.shift()
    if (outcome instanceof Error) throw outcome
    return outcome as string
  })
  return { keys, ...command }
}

test('a second tap while the first runs does nothing', async () => {
  let release: (value: string) => void = () => undefined
  const sent: string[] = []
  const { busy, run } = useCommand((_: null, key: string) => {
    sent.push(key)
    return new Promise<string>((resolve) => (release = resolve))
  })
  const first = run(null)
  expect(busy.value).toBe(true)
  await expect(run(null)).resolves.toBeUndefined()
  release('done')
  await expect(first).resolves.toBe('done')
  expect(sent).toHaveLength(1)
  expect(busy.value).toBe(false)
})

test('after a lost answer the same intent keeps its key', async () => {
  const { keys, run } = recorder([lost(), 'done'])
  await expect(run({ plate: 'A' })).rejects.toThrow()
  await expect(run({ plate: 'A' })).resolves.toBe('done')
  expect(keys[1]).toBe(keys[0])
})

test('another input is another intent, also after a lost answer', async () => {
  const { keys, run } = recorder([lost(), 'done'])
  await expect(run({ plate: 'A' })).rejects.toThrow()
  await run({ plate: 'B' })
  expect(keys[1]).not.toBe(keys[0])
})

test('a known outcome ends the intent: the next tap has a new key', async () => {
  const { keys, run } = recorder([refused(), 'done', 'done'])
  await expect(run({ plate: 'A' })).rejects.toThrow()
  await run({ plate: 'A' })
  await run({ plate: 'A' })
  expect(new Set(keys).size).toBe(3)
})
