/** Small building blocks: elements, icons, sheets, toasts. Text always goes in as text, never as markup. */
const SVG = 'http://www.w3.org/2000/svg'

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (name === 'class') node.className = value
    else if (name in node && typeof value === 'boolean') node[name] = value
    else node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false))
  return node
}

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', `#i-${name}`)
  svg.setAttribute('aria-hidden', 'true')
  svg.append(use)
  return svg
}

export const byId = (id) => document.getElementById(id)

export const yuan = (fen) =>
  `¥${(Math.abs(fen) / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

export function clockTime(text) {
  const at = new Date(text)
  const time = at.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Asia/Shanghai' })
  const day = (moment) => moment.toLocaleDateString('zh-CN', { timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric' })
  return day(at) === day(new Date()) ? time : `${day(at)} ${time}`
}

let toastTimer
export function toast(text) {
  const node = byId('toast')
  node.textContent = text
  node.hidden = false
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => { node.hidden = true }, 2600)
}

/** Runs an action of a button: shows what went wrong instead of nothing. */
export function tapped(action) {
  return async (event) => {
    event?.preventDefault?.()
    try {
      await action(event)
    } catch (error) {
      toast(error.message)
    }
  }
}

let dismissOpen = null
/** Shows a sheet built by `build(finish)`; resolves with what it finishes with, undefined when it is waved away. */
export function sheet(build) {
  dismissOpen?.()
  return new Promise((resolve) => {
    const panel = byId('sheet')
    const veil = byId('veil')
    const finish = (value) => {
      panel.hidden = veil.hidden = true
      dismissOpen = null
      veil.onclick = null
      resolve(value)
    }
    dismissOpen = () => finish(undefined)
    panel.replaceChildren(...[build(finish)].flat())
    panel.hidden = veil.hidden = false
    veil.onclick = () => finish(undefined)
    panel.querySelector('button, input')?.focus({ preventScroll: true })
  })
}

export function appLine(text) {
  return el('div', { class: 'app' }, el('span', { class: 'dot' }, icon('store')), text)
}
