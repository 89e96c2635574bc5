/** The way back closes the sheet that lies over a page, and only then leaves the page. */

interface Sheet {
  close: () => void
  /** Where in the browser's history it was opened. */
  position: number | null
}

const sheets: Sheet[] = []

/** A sheet has opened; call what is returned when it is gone, however it went. */
export function sheetOpened(close: () => void): () => void {
  const sheet = { close, position: currentPosition() }
  sheets.push(sheet)
  return () => {
    const index = sheets.indexOf(sheet)
    if (index >= 0) sheets.splice(index, 1)
  }
}

function currentPosition(): number | null {
  // #ifdef H5
  return positionIn(window.history.state)
  // #endif
  // #ifndef H5
  return null
  // #endif
}

// #ifdef H5
function positionIn(state: unknown): number | null {
  const position = (state as { position?: unknown } | null)?.position
  return typeof position === 'number' ? position : null
}

/** Call it before the router listens: while a sheet is open the router hears of no step, and the step is undone. */
export function watchBack(page: Window): void {
  let returning = false
  page.addEventListener('popstate', (event) => {
    if (returning) {
      returning = false
      event.stopImmediatePropagation()
      return
    }
    const sheet = sheets[sheets.length - 1]
    const to = positionIn(event.state)
    if (!sheet || sheet.position === null || to === null || to === sheet.position) return
    event.stopImmediatePropagation()
    returning = true
    page.history.go(sheet.position - to)
    sheet.close()
  })
}
// #endif
