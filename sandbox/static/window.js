/** The window over the phone: the product's pages as mini-program, inside WeChat, or in a plain browser. */
import { answer } from './bridge.js'
import { appLine, byId, el, icon, sheet, tapped } from './ui.js'

const NAMES = { mini_program: '小程序', wechat: '微信内网页', browser: '手机浏览器' }
const frame = () => byId('frame')
let opened = ''

export function open(url, way) {
  opened = url
  byId('window-title').textContent = `${NAMES[way] || ''} · ${new URL(url, location.href).host}`
  frame().src = url
  byId('window').dataset.way = way
  restore()
}

export function close() {
  byId('window').hidden = byId('back').hidden = true
  frame().src = 'about:blank'
  opened = ''
}

/** Puts the page aside as it is, so that a code in a text message can be read and brought back. */
export function setAside() {
  if (byId('window').hidden) return
  byId('window').hidden = true
  byId('back').hidden = false
}

function restore() {
  byId('window').hidden = false
  byId('back').hidden = true
}

/** Asks how to open a scene, as a person decides with which program to scan. */
export async function openWith(ways, title) {
  const way = await sheet((finish) => [
    appLine('扫到一个商场的码'),
    el('h3', {}, title),
    el('div', { class: 'list' },
      ...Object.keys(NAMES).filter((name) => ways[name]).map((name) =>
        el('button', { class: 'line', 'data-way': name, onclick: () => finish(name) },
          el('span', { class: 'grow' }, { mini_program: '用微信扫：打开小程序', wechat: '在微信里打开网页', browser: '用手机浏览器打开' }[name],
            el('small', {}, { mini_program: '静默登录，手机号一键授权', wechat: '公众号网页授权登录', browser: '手机号加短信验证码登录' }[name])),
          icon('next')))),
  ])
  if (way) open(ways[way], way)
}

export function start() {
  const origin = byId('device').dataset.product
  window.addEventListener('message', (event) => {
    if (event.source !== frame().contentWindow || event.origin !== origin) return
    answer(event.data, (reply) => event.source.postMessage(reply, origin))
  })
  byId('window-close').addEventListener('click', close)
  byId('back').addEventListener('click', restore)
  byId('window-more').addEventListener('click', tapped(async () => {
    await sheet((finish) => [
      el('h3', {}, '这个页面'),
      el('div', { class: 'list' },
        el('button', { class: 'line', onclick: () => { frame().src = opened; finish() } }, el('span', { class: 'grow' }, '重新进入'), icon('next')),
        el('a', { class: 'line', href: opened, target: '_blank', rel: 'noopener' }, el('span', { class: 'grow' }, '在新窗口打开', el('small', {}, '没有微信的能力，只当普通网页')), icon('next'))),
    ])
  }))
}
