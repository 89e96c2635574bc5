/** The other pages of the H5 twin come once the first has long been whole: they open at once, and without a network. */
const LATER_MS = 8_000

/** The framework's own list of pages; a list of ours would be carried twice. */
declare const __uniRoutes: { loader?: () => Promise<unknown> }[]

export function fetchAhead(): void {
  const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData
  if (saves) return
  const fetchAll = () => __uniRoutes.forEach(({ loader }) => void loader?.().catch(() => undefined))
  window.addEventListener('load', () => setTimeout(fetchAll, LATER_MS))
}
