/** Pictures of the H5 twin are asked for when they are about to be seen: most visits end above the fold. */
import type { ObjectDirective } from 'vue'

const AHEAD = '160px 0px'

const addresses = new WeakMap<Element, string>()
let watcher: IntersectionObserver | null = null

function show(entries: IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) load(target as HTMLImageElement)
  }
}

function load(picture: HTMLImageElement): void {
  picture.src = addresses.get(picture) ?? ''
  watcher?.unobserve(picture)
}

/** `v-seen="address"` on an `img`: its address, taken up as soon as it comes near what is seen. */
export const vSeen: ObjectDirective<HTMLImageElement, string> = {
  mounted(picture, { value }) {
    addresses.set(picture, value)
    watcher = watcher ?? new IntersectionObserver(show, { rootMargin: AHEAD })
    watcher.observe(picture)
  },
  updated(picture, { value }) {
    if (addresses.get(picture) === value) return
    addresses.set(picture, value)
    if (picture.hasAttribute('src')) load(picture)
  },
  unmounted(picture) {
    watcher?.unobserve(picture)
  },
}
