import { sheetOpened, watchBack } from '@/platform/back'

interface State {
  position: number
  sheet?: boolean
}

/** A browser's history without its delays, and what a router behind the watch would hear. */
function browser(positions: number[]) {
  let told: (event: PopStateEvent) => void = () => undefined
  const entries: State[] = positions.map((position) => ({ position }))
  const heard: State[] = []
  const history = {
    get state() {
      return entries[entries.length - 1]
    },
    pushState: (state: State) => entries.push(state),
    back: () => back(),
  }
  function back(): void {
    entries.pop()
    let stopped = false
    told({ state: history.state, stopImmediatePropagation: () => (stopped = true) } as unknown as PopStateEvent)
    if (!stopped) heard.push(history.state)
  }
  const page = { addEventListener: (_: string, listen: typeof told) => (told = listen), history }
  Object.assign(globalThis, { window: page })
  watchBack(page as unknown as Window)
  return { back, heard, entries, push: (position: number) => entries.push({ position }) }
}

test('the way back closes the sheet on top, then the one below, then leaves the page', () => {
  const { back, heard, entries } = browser([0, 1])
  const closed: string[] = []
  sheetOpened(() => closed.push('below'))
  sheetOpened(() => closed.push('top'))
  back()
  expect([closed, heard, entries.length]).toEqual([['top'], [], 3])
  back()
  expect([closed, heard, entries.length]).toEqual([['top', 'below'], [], 2])
  back()
  expect(heard).toEqual([{ position: 0 }])
})

test('on the first page of all there is something to go back from', () => {
  const { back, heard, entries } = browser([0])
  const closed: string[] = []
  sheetOpened(() => closed.push('sheet'))
  back()
  expect([closed, heard, entries]).toEqual([['sheet'], [], [{ position: 0 }]])
})

test('a sheet that was closed otherwise costs no step', () => {
  const { back, heard } = browser([0, 1])
  sheetOpened(() => undefined)()
  back()
  expect(heard).toEqual([{ position: 0 }])
})

test('coming back from the next page shows the page, and the step after leaves it', () => {
  const { back, heard, push } = browser([0, 1])
  sheetOpened(() => undefined)()
  push(2)
  back()
  back()
  expect(heard.map(({ position }) => position)).toEqual([1, 0])
})

test('what was covered on a page that is gone is not taken for one of the pages after it', () => {
  const { back, heard, push } = browser([0])
  push(1)
  sheetOpened(() => undefined)()
  back()
  push(1)
  push(2)
  back()
  expect(heard.map(({ position }) => position)).toEqual([0, 1])
})
