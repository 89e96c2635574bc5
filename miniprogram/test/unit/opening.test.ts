/** @jest-environment jsdom */
import { addressFor, readOpening, rememberReturn, rememberWechat } from '@/platform/opening'

const UA = 'Mozilla/5.0 (Linux; Android 14) Chrome/120'
const WECHAT = `${UA} MicroMessenger/8.0.50`

function at(url: string): Location {
  return new URL(url, 'https://mall.example') as unknown as Location
}

function open(url: string, userAgent = UA, framed = false) {
  return readOpening(at(url), framed, userAgent)
}

beforeEach(() => sessionStorage.clear())

test('the scene is read from the address or from the page behind the hash', () => {
  expect(open('/h5/?scene=LIFT3F').scene).toBe('LIFT3F')
  expect(open('/h5/#/pages/join/index?scene=LIFT3F').scene).toBe('LIFT3F')
  expect(open('/h5/').scene).toBe('')
})

test('a host is believed only inside a frame', () => {
  expect(open('/h5/?host=phone', UA, true).hosted).toBe(true)
  expect(open('/h5/?host=phone', UA, false).hosted).toBe(false)
  expect(open('/h5/', UA, true).hosted).toBe(false)
})

test('WeChat is known by its user agent or by being asked for', () => {
  expect(open('/h5/', WECHAT).viaWechat).toBe(true)
  expect(open('/h5/?via=wechat').viaWechat).toBe(true)
  expect(open('/h5/').viaWechat).toBe(false)
})

test('a scanned address opens the join page and keeps its query', () => {
  const url = '/h5/?scene=LIFT3F&via=wechat'
  expect(addressFor(open(url), at(url), sessionStorage)).toBe('/h5/?scene=LIFT3F&via=wechat#/pages/join/index')
  const inside = '/h5/?scene=LIFT3F#/pages/card/index'
  expect(addressFor(open(inside), at(inside), sessionStorage)).toBeNull()
})

test('the way back from OAuth gives the code once and returns to where it was left', () => {
  rememberReturn(at('/h5/?scene=LIFT3F#/pages/join/index'), sessionStorage)
  const url = '/h5/oauth?to=%2Fh5%2F&code=c1&state=s1'
  const opening = open(url)
  expect(opening.oauth).toEqual({ code: 'c1', state: 's1' })
  expect(addressFor(opening, at(url), sessionStorage)).toBe('/h5/?scene=LIFT3F#/pages/join/index')
})

test('without a memory the server tells where to go, but never out of our pages', () => {
  const ours = '/h5/oauth?to=%2Fh5%2F%23%2Fpages%2Fme%2Findex&code=c&state=s'
  expect(addressFor(open(ours), at(ours), sessionStorage)).toBe('/h5/#/pages/me/index')
  const foreign = '/h5/oauth?to=https%3A%2F%2Fevil.example%2F&code=c&state=s'
  expect(addressFor(open(foreign), at(foreign), sessionStorage)).toBe('/h5/')
})

test('a code in the address of any other page is not an OAuth answer', () => {
  expect(open('/h5/?code=c1&state=s1').oauth).toBeNull()
})

test('the way of signing in is kept for the tab', () => {
  expect(rememberWechat(open('/h5/?via=wechat'), sessionStorage).viaWechat).toBe(true)
  expect(rememberWechat(open('/h5/'), sessionStorage).viaWechat).toBe(true)
})
