/** The other pages of the H5 twin come once the first has long been whole: they open at once, and without a network. */
const LATER_MS = 8_000

const pages = import.meta.glob('../pages/*/index.vue')

export function fetchAhead(): void {
  const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData
  if (saves) return
  const fetchAll = () => Object.values(pages).forEach((fetchPage) => void fetchPage().catch(() => undefined))
  window.addEventListener('load', () => setTimeout(fetchAll, LATER_MS))
}
