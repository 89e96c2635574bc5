/** The scanner: upload a picture, paste a text, or take one of the codes the product had made. */
import { get, post } from './api.js'
import { path } from './people.js'
import { appLine, byId, clockTime, el, icon, sheet, tapped, toast } from './ui.js'
import { open, openWith } from './window.js'

let codes = { mini_program: [], contact_ways: [] }

function understandPicture(file) {
  const form = new FormData()
  form.append('picture', file)
  return post('/phone/api/scan', form)
}

/** Does what WeChat would with a scanned text. */
export async function act(found) {
  if (found.kind === 'mini_program') return openWith(found.ways, found.hangs_at || (found.scene ? `场景 ${found.scene}` : '会员中心'))
  if (found.kind === 'contact_way') return addContact(found)
  if (found.kind === 'web') return found.ours ? openWith(found.ways, '商场的网页') : openForeign(found)
  await sheet((finish) => [
    appLine('扫到一段文字'), el('p', {}, found.text),
    el('div', { class: 'btns one' }, el('button', { class: 'btn quiet', onclick: () => finish() }, '知道了')),
  ])
}

async function openForeign(found) {
  await sheet((finish) => [
    appLine('扫到一个网址'), el('p', {}, found.url),
    el('div', { class: 'btns' },
      el('button', { class: 'btn quiet', onclick: () => finish() }, '不打开'),
      el('a', { class: 'btn', href: found.url, target: '_blank', rel: 'noopener noreferrer' }, '新窗口打开')),
  ])
}

export async function addContact(found) {
  const yes = await sheet((finish) => [
    appLine('企业微信名片'),
    el('h3', {}, found.valid ? '添加商场客服为联系人' : '这个二维码已失效'),
    el('p', {}, found.valid ? '添加后，客服会发来问候和入会指引' : '请商场的人重新生成'),
    el('div', { class: `btns${found.valid ? '' : ' one'}` },
      el('button', { class: 'btn quiet', onclick: () => finish(false) }, '返回'),
      found.valid && el('button', { class: 'btn', 'data-act': 'add-contact', onclick: () => finish(true) }, '添加到通讯录')),
  ])
  if (!yes) return
  const added = await post(path('/wecom/add'), { config_id: found.config_id })
  toast(added.already ? '你们已经是联系人了' : '已添加，等待对方问候')
}

const takePicture = (handle) => {
  const input = el('input', { class: 'file', type: 'file', accept: 'image/*' })
  input.addEventListener('change', tapped(async () => {
    if (input.files[0]) await handle(await understandPicture(input.files[0]))
    input.value = ''
  }))
  return input
}

function pasteForm(handle) {
  const form = el('form', { class: 'stack', onsubmit: tapped(() => handle(form.elements.content.value.trim())) },
    el('h3', {}, '粘贴码的内容'),
    el('textarea', { name: 'content', 'aria-label': '码的内容', placeholder: 'pages/join/index?scene=…', required: true }),
    el('button', { class: 'btn' }, '扫它'))
  return form
}

const paste = tapped(async () => {
  const content = await sheet((finish) => pasteForm(finish))
  if (content) await act(await post('/phone/api/scan', { content }))
})

function codeButton(code, title, small, onclick) {
  return el('button', { class: 'code', 'data-content': code.content, onclick: tapped(onclick) },
    el('img', { src: code.picture, alt: '', loading: 'lazy' }), el('span', {}, el('b', {}, title), el('small', {}, small)), icon('next'))
}

function codeButtons(handle) {
  const minis = codes.mini_program.map((code) => codeButton(code, code.hangs_at || code.scene, `小程序码 · ${code.hangs_at ? code.scene : clockTime(code.made_at)}`, () => handle(code.content)))
  const ways = codes.contact_ways.map((code) =>
    codeButton(code, code.hangs_at || code.remark || code.state || code.userid, `企业微信联系我 · ${code.userid}`, () => handle(code.content)))
  if (minis.length + ways.length) return [...minis, ...ways]
  return [el('p', { class: 'empty' }, '商场还没做过码。在运营后台建一个入口，它的码就会出现在这里。')]
}

/** Lets the person choose a code for a page that asked to scan; the text, or undefined. */
export function pickContent() {
  return sheet((finish) => [
    appLine('扫一扫'),
    pasteForm(finish),
    el('div', { class: 'btns one' }, pictureButton((found) => finish(found.content), 'btn quiet')),
    el('div', { class: 'codes list' }, codeButtons(finish)),
  ])
}

function pictureButton(handle, kind) {
  const input = takePicture(handle)
  return el('label', { class: kind, role: 'button' }, icon('image'), '上传图片', input)
}

const scanText = async (content) => act(await post('/phone/api/scan', { content }))

export function render() {
  const spot = el('div', { class: 'frame' },
    el('span', { class: 'wide-only' }, '把二维码图片拖到这里'), el('span', { class: 'narrow-only' }, '选一张二维码图片，或粘贴它的内容'))
  spot.addEventListener('dragover', (event) => { event.preventDefault(); spot.classList.add('over') })
  spot.addEventListener('dragleave', () => spot.classList.remove('over'))
  spot.addEventListener('drop', tapped(async (event) => {
    spot.classList.remove('over')
    const file = event.dataTransfer.files[0]
    if (file) await act(await understandPicture(file))
  }))
  byId('view-scan').replaceChildren(
    el('h1', {}, '扫一扫'),
    el('div', { class: 'finder' }, spot, el('div', { class: 'row' },
      pictureButton(act, 'btn'), el('button', { class: 'btn ghost', onclick: paste }, icon('paste'), '粘贴内容'))),
    el('h2', {}, '不扫码'),
    el('div', { class: 'list' },
      el('button', { class: 'line', id: 'open-home', onclick: tapped(openHome) }, icon('home'), el('span', { class: 'grow' }, '打开会员小程序'), icon('next'))),
    el('h2', {}, '商场里的码'),
    el('div', { class: 'codes', id: 'codes' }, el('div', { class: 'skeleton' }), el('div', { class: 'skeleton' })),
  )
}

async function openHome() {
  const ways = await get('/phone/api/ways?page=pages/card/index')
  open(ways.mini_program, 'mini_program')
}

let shown = ''
export async function refreshCodes() {
  codes = await get('/phone/api/codes')
  const now = JSON.stringify(codes)
  if (now === shown) return
  shown = now
  byId('codes').replaceChildren(...codeButtons(scanText))
  byId('side-codes').replaceChildren(...codeButtons(scanText))
}
