// A WeChat runtime for the built mini-program: it answers requests from a table and remembers what was asked.
const path = require('node:path')

const ROOT = path.join(__dirname, '..', '..', 'dist', 'build', 'mp-weixin')
const TURNS = 15
const TURN_MS = 4
const opened = []
const API = /^https?:\/\/[^/]+\/api\/v1/
// They know files alone, which do not change: no start loads them, and runs WeChat's compiler over all pages, again.
const COMPILERS = ['miniprogram-simulate/src/compile', 'miniprogram-simulate/src/wxss']

for (const name of COMPILERS) {
  const kept = require(name)
  jest.doMock(name, () => kept)
}

/**
 * Starts the mini-program anew. `routes`: "METHOD /path" → body, {status, body}, or a function of the request.
 * Returns `open(page, query)` and `log` with requests, navigations and set brightness.
 */
function startMiniProgram(routes) {
  jest.resetModules()
  document.body.innerHTML = ''
  const simulate = require('miniprogram-simulate')
  const log = { requests: [], navigations: [], brightness: [], bars: [], storage: new Map() }
  Object.assign(global.wx, device(log), { request: (options) => answer(options, routes, log) })
  startApp()
  const open = (name, query) => openPage(simulate, name, query)
  return { log, open }
}

/** Until the answers of the network and the renderings that follow are through: a few turns of the event loop. */
async function settled() {
  for (let turn = 0; turn < TURNS; turn += 1) await (holdsTime() ? jest.advanceTimersByTimeAsync(TURN_MS) : pause(TURN_MS))
}

/** Whether the test has taken time into its own hands: then nothing passes but what it lets pass. */
function holdsTime() {
  return Object.hasOwn(setTimeout, 'clock')
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function answer(options, routes, log) {
  const url = options.url.replace(API, '')
  const key = `${options.method} ${url.split('?')[0]}`
  const request = { key, url, body: options.data, header: options.header }
  log.requests.push(request)
  if (routes[key] === undefined) throw new Error(`no answer for ${key}`)
  const found = typeof routes[key] === 'function' ? routes[key](request) : routes[key]
  const { status = 200, body = found } = found.status === undefined || found.body === undefined ? {} : found
  setTimeout(() => options.success({ statusCode: status, data: body, header: {}, errMsg: 'request:ok' }))
  return { abort: () => undefined }
}

function device(log) {
  const ways = ['navigateTo', 'redirectTo', 'switchTab', 'navigateBack']
  return {
    login: (options) => setTimeout(() => options.success({ code: 'wx-login-code' })),
    getStorageSync: (key) => log.storage.get(key) ?? '',
    setStorageSync: (key, value) => void log.storage.set(key, value),
    removeStorageSync: (key) => void log.storage.delete(key),
    getNetworkType: (options) => options.success({ networkType: 'wifi' }),
    onNetworkStatusChange: () => undefined,
    setKeepScreenOn: () => undefined,
    getScreenBrightness: (options) => options.success({ value: 0.5 }),
    setScreenBrightness: (options) => void log.brightness.push(options.value),
    getSystemInfoSync: () => ({ platform: 'devtools', SDKVersion: '3.5.0', language: 'zh_CN' }),
    getAppBaseInfo: () => ({ language: 'zh_CN', SDKVersion: '3.5.0' }),
    onThemeChange: (listen) => void (log.changeTheme = listen),
    setNavigationBarColor: (options) => void log.bars.push(options.frontColor),
    setBackgroundColor: () => undefined,
    setBackgroundTextStyle: () => undefined,
    getWindowInfo: () => ({ windowWidth: 390, windowHeight: 844, pixelRatio: 2, safeAreaInsets: {} }),
    getDeviceInfo: () => ({ platform: 'devtools' }),
    ...Object.fromEntries(ways.map((name) => [name, (options) => log.navigations.push([name, options.url])])),
  }
}

function startApp() {
  global.getApp = () => global.startedApp
  global.shownPages = []
  global.getCurrentPages = () => global.shownPages
  global.Page = () => undefined
  global.App = (options) => {
    global.startedApp = { ...options, globalData: {} }
  }
  require(path.join(ROOT, 'app.js'))
  global.startedApp.onLaunch({ path: '', query: {} })
}

/** Opens a built page as WeChat does and lets its first loads finish. */
async function openPage(simulate, name, query) {
  const page = simulate.render(simulate.load(path.join(ROOT, 'pages', name, 'index'), { rootPath: ROOT }))
  page.attach(document.body.appendChild(document.createElement('div')))
  global.shownPages = [{ route: `pages/${name}/index` }]
  page.instance.onLoad(query ?? {})
  page.instance.onShow && page.instance.onShow()
  opened.push(page.instance)
  await settled()
  return page
}

// A page that nobody closes goes on asking, and the next test would count what it asks.
afterEach(() => {
  for (const instance of opened.splice(0)) instance.onUnload && instance.onUnload()
})

/** What is on the screen, as a person would read it. */
function screen() {
  return document.body.textContent.replace(/\s+/g, ' ')
}

/** The addresses of the pictures on the screen. */
function pictures() {
  return [...document.querySelectorAll('wx-image')].map(
    (element) => element.__wxElement._vt.attrs.find((attribute) => attribute.name === 'src').value,
  )
}

/** The innermost node of a class (as written in the source) that contains a text. */
function node(name, text = '') {
  const found = [...document.querySelectorAll(`[class*="--${name}"]`)].filter(
    (element) =>
      element.textContent.includes(text) && element.className.split(' ').some((part) => part.endsWith(`--${name}`)),
  )
  if (found.length === 0) throw new Error(`no .${name} with "${text}" on: ${screen()}`)
  return found[found.length - 1]
}

/** Sends an event of WeChat's runtime to a node. */
function fire(element, event, detail = {}) {
  const exparser = require('miniprogram-exparser')
  exparser.triggerEvent(element.__wxElement, event, detail, { bubbles: true, composed: true })
}

/** A finger on a node, and everything that follows from it. */
async function tap(name, text) {
  fire(node(name, text), 'tap')
  await settled()
}

module.exports = { startMiniProgram, screen, pictures, node, fire, tap, settled, ROOT }
