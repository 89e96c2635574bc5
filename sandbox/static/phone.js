/** The sandbox phone: tabs, the person, and looking for news every second and a half. */
import { post } from './api.js'
import * as drive from './drive.js'
import * as me from './me.js'
import * as messages from './messages.js'
import * as people from './people.js'
import * as scan from './scan.js'
import { byId, el, toast } from './ui.js'
import * as page from './window.js'

const PULSE_MS = 1500
// The sandbox may live in other days than this machine: then the phone tells the day too.
const AHEAD_MS = Number(byId('device').dataset.now) * 1000 - Date.now()
const DAY = Math.abs(AHEAD_MS) > 3_600_000 ? { month: 'numeric', day: 'numeric' } : {}
const CLOCK = { ...DAY, hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Asia/Shanghai' }
const views = { scan, messages, drive, me }

function show(tab) {
  for (const name of Object.keys(views)) byId(`view-${name}`).hidden = name !== tab
  for (const button of document.querySelectorAll('[data-tab]')) button.setAttribute('aria-selected', String(button.dataset.tab === tab))
  if (tab === 'messages') messages.markRead()
  if (tab === 'me') me.render().catch((error) => toast(error.message))
}

let bannerTimer
function announce(one, text) {
  const banner = byId('banner')
  banner.replaceChildren(el('b', {}, one.sender), el('span', {}, text))
  banner.hidden = false
  banner.onclick = () => { banner.hidden = true; page.setAside(); show('messages') }
  clearTimeout(bannerTimer)
  bannerTimer = setTimeout(() => { banner.hidden = true }, 8000)
}

let offline = false
async function pulse() {
  try {
    await Promise.all([scan.refreshCodes(), messages.refresh(announce), drive.refresh()])
    offline = false
  } catch (error) {
    if (!offline) toast(error.message)
    offline = true
  }
  byId('clock').textContent = new Date(Date.now() + AHEAD_MS).toLocaleString('zh-CN', CLOCK)
}

function takenBy() {
  page.close()
  messages.reset()
  drive.render()
  me.render().catch((error) => toast(error.message))
  pulse()
}

/** `/phone?content=…` opens what another camera scanned. */
async function actOnAddress() {
  const content = new URLSearchParams(location.search).get('content')
  if (content) await scan.act(await post('/phone/api/scan', { content }))
}

async function start() {
  for (const button of document.querySelectorAll('[data-tab]')) button.addEventListener('click', () => show(button.dataset.tab))
  page.start()
  scan.render()
  people.onChange(takenBy)
  await people.load()
  setInterval(() => { if (!document.hidden) pulse() }, PULSE_MS)
  await actOnAddress()
}

start().catch((error) => toast(error.message))
