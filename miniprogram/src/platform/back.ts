/**
 * The way back closes the sheet that lies over a page, and only then leaves the page.
 *
 * In a browser a sheet has an entry of its own in the history, over its page's, so that there is something to go back
 * from even on the first page of all. The router never hears of a step between the two.
 */

interface Sheet {
  close: () => void
}

const sheets: Sheet[] = []

/** A sheet has opened; call what is returned when it is gone, however it went. */
export function sheetOpened(close: () => void): () => void {
  const sheet = { close }
  sheets.push(sheet)
  // #ifdef H5
  coverPage(window.history)
  // #endif
  return () => {
    const index = sheets.indexOf(sheet)
    if (index >= 0) sheets.splice(index, 1)
  }
}

// #ifdef H5
/** The places in the history, as the router counts them, of pages with a sheet's entry over their own. */
const covered = new Set<number>()

interface Entry {
  position: number
  isSheet: boolean
}

function entryOf(state: unknown): Entry | null {
  const { position, sheet } = (state ?? {}) as { position?: unknown; sheet?: unknown }
  return typeof position === 'number' ? { position, isSheet: sheet === true } : null
}

function coverPage(history: History): void {
  const entry = entryOf(history.state)
  if (!entry || entry.isSheet) return
  covered.add(entry.position)
  history.pushState({ ...history.state, sheet: true }, '')
}

/** Call it before the router listens. */
export function watchBack(page: Window): void {
  page.addEventListener('popstate', (event) => {
    const entry = entryOf(event.state)
    if (!entry) return
    covered.forEach((position) => position > entry.position && covered.delete(position))
    if (entry.isSheet || !covered.delete(entry.position)) return
    event.stopImmediatePropagation()
    const sheet = sheets.pop()
    if (!sheet) return page.history.back() // it was closed before: the step is the page's
    if (sheets.length) coverPage(page.history)
    sheet.close()
  })
}
// #endif
