/** @jest-environment jsdom */
import { vSeen } from '@/platform/seen'

type Look = (entries: { target: Element; isIntersecting: boolean }[]) => void
type Hook = (picture: HTMLImageElement, binding: { value: string }) => void

let look: Look
const watched = new Set<Element>()
class Observer {
  constructor(told: Look) {
    look = told
  }
  observe = (one: Element) => void watched.add(one)
  unobserve = (one: Element) => void watched.delete(one)
}
Object.assign(global, { IntersectionObserver: Observer })

const { mounted, updated, unmounted } = vSeen as unknown as Record<string, Hook>

function shown(address: string): HTMLImageElement {
  const picture = document.createElement('img')
  mounted(picture, { value: address })
  return picture
}

test('a picture is asked for when it comes near, once, and another one in its place at once', () => {
  const [near, far] = [shown('/pictures/a/240'), shown('/pictures/b/240')]
  expect([near.getAttribute('src'), watched.size]).toEqual([null, 2])
  look([{ target: near, isIntersecting: true }, { target: far, isIntersecting: false }])
  expect([near.getAttribute('src'), far.getAttribute('src')]).toEqual(['/pictures/a/240', null])
  expect(watched).toEqual(new Set([far]))
  updated(near, { value: '/pictures/c/240' })
  updated(far, { value: '/pictures/d/240' })
  look([{ target: far, isIntersecting: true }])
  expect([near.getAttribute('src'), far.getAttribute('src')]).toEqual(['/pictures/c/240', '/pictures/d/240'])
})

test('nobody waits for a picture that is gone', () => {
  const picture = shown('/pictures/a/240')
  unmounted(picture, { value: '' })
  expect(watched.has(picture)).toBe(false)
})
