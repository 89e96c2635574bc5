/** Every message of the person, on every channel, as one thread. */
import { get, post } from './api.js'
import { path, person } from './people.js'
import { act } from './scan.js'
import { byId, clockTime, el, icon, tapped, toast, yuan } from './ui.js'
import { open } from './window.js'

const CHANNELS = { '': '全部', subscribe: '服务通知', template: '公众号', wecom: '企业微信', sms: '短信', pay: '支付' }
const TONES = { subscribe: 'good', template: 'info', wecom: 'info', sms: '', pay: 'good' }
let items = []
let channel = ''
let read = 0

const lastId = () => items.at(-1)?.id || 0
export const isShown = () => !byId('view-messages').hidden

export function reset() {
  items = []
  read = -1
  render()
}

/** Fetches what is new; tells the banner about it unless it is the first look or the thread is open. */
export async function refresh(announce) {
  const owner = person().id
  const found = (await get(path(`/messages?after=${lastId()}`))).items
  if (owner !== person().id) return
  // Two looks may overlap: what the other one brought is not new.
  const fresh = found.filter((one) => one.id > lastId())
  const isFirst = read < 0
  if (fresh.length) items.push(...fresh)
  if (isFirst || isShown()) read = lastId()
  if (fresh.length) {
    render()
    if (!isFirst && !isShown()) announce(fresh.at(-1), summary(fresh.at(-1)))
  }
  const unread = items.filter((one) => one.id > read).length
  byId('unread').textContent = unread
  byId('unread').hidden = unread === 0
}

export function markRead() {
  read = lastId()
  byId('unread').hidden = true
  byId('view-messages').scrollTop = byId('view-messages').scrollHeight
}

const summary = (one) => one.text || [one.title, one.lines?.[0]?.value].filter(Boolean).join('：')

async function openPage(page) {
  const [name, query] = page.split('?')
  const ways = await get(`/phone/api/ways?page=${encodeURIComponent(name.replace(/^\//, ''))}`)
  open(query ? `${ways.mini_program}?${query}` : ways.mini_program, 'mini_program')
}

/** A link in a chat opens inside WeChat, with its sign-in; foreign ones only after a question. */
async function openLink(content) {
  const found = await post('/phone/api/scan', { content })
  if (found.ours) open(found.ways.wechat, 'wechat')
  else await act(found)
}

function notice(one) {
  return el('div', { class: 'notice' }, el('h3', {}, one.title),
    el('dl', {}, one.lines.flatMap((line) => [el('dt', {}, line.label), el('dd', {}, line.value)])),
    one.page && el('button', { class: 'open', onclick: tapped(() => openPage(one.page)) }, '进入小程序查看', icon('next')),
    !one.page && one.url && el('button', { class: 'open', onclick: tapped(() => openLink(one.url)) }, '查看详情', icon('next')))
}

function attachment(one) {
  const content = one[one.msgtype]
  const go = one.msgtype === 'miniprogram' ? () => openPage(content.page || 'pages/join/index') : () => openLink(content.url)
  const can = one.msgtype === 'miniprogram' || (one.msgtype === 'link' && content.url)
  return el('button', { class: 'attach', disabled: !can, onclick: tapped(async () => go()) },
    el('span', {}, content.title || { image: '图片', video: '视频', file: '文件' }[one.msgtype],
      el('small', {}, content.desc || (one.msgtype === 'miniprogram' ? '小程序' : '链接'))), icon('next'))
}

async function copyCode(code) {
  await navigator.clipboard.writeText(code)
  toast('验证码已复制')
}

function bubble(one) {
  const code = one.params?.code
  return [
    one.text && el('div', { class: 'bubble' }, one.text, code && el('button', { class: 'copy', onclick: tapped(() => copyCode(code)) }, '复制验证码')),
    ...(one.attachments || []).map(attachment),
  ]
}

function payment(one) {
  return el('div', { class: 'notice' }, el('h3', {}, one.title), el('div', { class: 'amount' }, yuan(one.amount_fen)),
    el('dl', {}, el('dt', {}, '说明'), el('dd', {}, one.text)))
}

/** Who sent it, where the channel's name beside it does not say that already. */
const sender = (one) => one.sender.split(' · ').filter((part) => part !== CHANNELS[one.channel]).join(' · ')

function message(one) {
  const body = one.lines ? notice(one) : one.amount_fen !== undefined ? payment(one) : bubble(one)
  return el('article', { class: 'msg', 'data-channel': one.channel }, el('time', { datetime: one.at }, clockTime(one.at)),
    el('div', { class: 'from' }, el('span', { class: `tag ${TONES[one.channel]}` }, CHANNELS[one.channel]), sender(one)), body)
}

export function render() {
  const wanted = items.filter((one) => !channel || one.channel === channel)
  const chips = Object.entries(CHANNELS).map(([key, name]) =>
    el('button', { class: 'chip', 'aria-pressed': String(key === channel), onclick: () => { channel = key; render() } }, name))
  byId('view-messages').replaceChildren(
    el('h1', {}, '消息'), el('div', { class: 'chips' }, chips),
    wanted.length ? el('div', { class: 'thread' }, wanted.map(message))
      : el('p', { class: 'empty' }, '还没有消息。扫码入会、订阅提醒或添加客服后，会在这里看到。'))
  if (isShown()) byId('view-messages').scrollTop = byId('view-messages').scrollHeight
}
