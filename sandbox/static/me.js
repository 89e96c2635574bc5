/** The person: who they are on each platform, what they consented to, whom they added, which groups they are in. */
import { del, get, post } from './api.js'
import { avatar, buttons, path, person, refresh as refreshPeople } from './people.js'
import { byId, clockTime, el, icon, tapped } from './ui.js'

const IDS = { openid: '小程序 openid', oa_openid: '公众号 openid', unionid: 'unionid', external_userid: '企业微信 external_userid' }

const switchButton = (label, on, action) =>
  el('button', { class: 'switch', role: 'switch', 'aria-checked': String(on), 'aria-label': label, onclick: tapped(action) })

function consent(one) {
  const words = { accept: '总是允许', reject: '总是拒绝' }[one.remembered] || '每次询问'
  const off = tapped(async () => { await del(path(`/subscriptions/${encodeURIComponent(one.id)}`)); await render() })
  return el('div', { class: 'line', 'data-template': one.id },
    el('span', { class: 'grow' }, one.title, el('small', {}, `可收 ${one.credits} 条 · ${words}`)),
    (one.credits > 0 || one.remembered) && el('button', { class: 'btn danger small', onclick: off }, '关闭'))
}

function contact(one) {
  const remove = tapped(async () => { await post(path('/wecom/remove'), { userid: one.userid }); await render() })
  return el('div', { class: 'line' }, el('span', { class: 'grow' }, one.userid, el('small', {}, `${clockTime(one.since)} 添加${one.state ? ` · ${one.state}` : ''}`)),
    el('button', { class: 'btn danger small', onclick: remove }, '删除'))
}

function chat(one) {
  const way = path(`/chats/${encodeURIComponent(one.chat_id)}`)
  const change = tapped(async () => { await (one.since ? del(way) : post(way)); await render() })
  return el('div', { class: 'line' }, el('span', { class: 'grow' }, one.name, el('small', {}, one.since ? `${clockTime(one.since)} 进群` : '不在群里')),
    el('button', { class: `btn ${one.since ? 'danger' : 'quiet'} small`, onclick: change }, one.since ? '退群' : '扫码进群'))
}

const makeChat = tapped(async () => { await post('/phone/api/chats', { name: '商场福利群' }); await render() })

const link = (href, name, small) => el('a', { class: 'line', href }, el('span', { class: 'grow' }, name, el('small', {}, small)), icon('next'))

export async function render() {
  const one = person()
  const [consents, contacts, chats] = await Promise.all(['/subscriptions', '/contacts', '/chats'].map((part) => get(path(part))))
  if (one.id !== person().id) return
  byId('view-me').replaceChildren(
    el('h1', {}, '我'),
    el('div', { class: 'me-card' }, avatar(one), el('div', {}, el('b', {}, one.name), el('small', {}, one.phone))),
    el('h2', {}, '订阅消息'),
    el('div', { class: 'list' }, consents.items.length ? consents.items.map(consent) : el('p', { class: 'empty' }, '小程序还没有消息模板')),
    el('h2', {}, '关注与联系人'),
    el('div', { class: 'list' },
      el('div', { class: 'line' }, el('span', { class: 'grow' }, '商场公众号', el('small', {}, one.follows_oa ? '已关注，能收到模板消息' : '未关注')),
        switchButton('关注商场公众号', one.follows_oa, async () => { await post(path('/follow'), { follows: !one.follows_oa }); await refreshPeople() })),
      contacts.items.map(contact)),
    el('h2', {}, '企业微信群'),
    el('div', { class: 'list' }, chats.items.length ? chats.items.map(chat) : el('p', { class: 'empty' }, '商场还没有客户群'),
      el('div', { class: 'line' }, el('span', { class: 'grow' }, '商场建一个群', el('small', {}, '由第一位员工当群主')), el('button', { class: 'btn quiet small', onclick: makeChat }, '建群'))),
    el('h2', {}, '在各平台的身份'),
    el('div', { class: 'list' }, el('dl', { class: 'ids' }, Object.entries(IDS).map(([key, name]) => el('div', {}, el('dt', {}, name), el('dd', {}, one[key]))))),
    el('h2', { class: 'narrow-only' }, '换个人'),
    el('div', { class: 'people narrow-only' }, buttons()),
    el('h2', { class: 'narrow-only' }, '沙盒'),
    el('div', { class: 'list narrow-only' }, link('/till', '收银台', '开一张小票'), link('/circle', '商圈', '在圈店用微信支付'), link('/faults', '故障', '让平台出点岔子'), link('/callbacks', '回调', '发出与待发'), link('/requests', '请求', '平台收到的调用')),
  )
}
