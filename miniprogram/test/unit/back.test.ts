/** @jest-environment jsdom */
import { sheetOpened, watchBack } from '@/platform/back'

/** A browser's history without its delays: steps are asked for, and told to whoever listens. */
function browser(start: number) {
  let told: (event: PopStateEvent) => void = () => undefined
  const gone: number[] = []
  const page = { addEventListener: (_: string, listen: typeof told) => (told = listen), history: { go: (by: number) => gone.push(by) } }
  window.history.replaceState({ position: start }, '')
  watchBack(page as unknown as Window)
  const step = (position: number) => {
    const event = { state: { position }, stopImmediatePropagation: jest.fn() }
    told(event as unknown as PopStateEvent)
    return event.stopImmediatePropagation.mock.calls.length > 0
  }
  return { gone, step }
}

test('the way back closes the sheet on top and stays on the page', () => {
  const { gone, step } = browser(3)
  const closed: string[] = []
  const below = sheetOpened(() => closed.push('below'))
  const top = sheetOpened(() => closed.push('top'))
  expect(step(2)).toBe(true)
  expect(closed).toEqual(['top'])
  expect(gone).toEqual([1])
  expect(step(3)).toBe(true) // the step undone is nobody's business either
  top()
  below()
})

test('without a sheet, or with one that is gone, the way back leaves the page', () => {
  const { gone, step } = browser(3)
  sheetOpened(() => undefined)()
  expect(step(2)).toBe(false)
  expect(gone).toEqual([])
})
