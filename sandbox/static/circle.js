/** The circle's desk: who authorised, what was paid, how the mall is told, and what the mall said. */
import { get, post } from './api.js'
import { byId, clockTime, el, tapped, toast, yuan } from './ui.js'

const PULSE_MS = 1500
const STATES = { AUTHORIZED: ['已开通自动积分', 'good'], UNAUTHORIZED: ['未开通', ''], DEAUTHORIZED: ['已关闭', 'bad'] }
const TELLINGS = { to_submit: ['等顾客提交', 'wait'], kept: ['未通知', 'wait'], waits: ['等积分回报后通知', 'wait'], told: ['已通知', 'info'] }
const EVENTS = { 'MALL_AUTH.ACTIVATE_CARD': '开通', 'MALL_TRANSACTION.SUCCESS': '支付', 'MALL_REFUND.SUCCESS': '退款' }
const SENT = { due: ['待发', 'wait'], held: ['扣下', 'wait'], going: ['发送中', 'info'], taken: ['已接收', 'good'], given_up: ['被拒绝', 'bad'] }
const AGAIN = [['once', '再通知一次'], ['twice', '通知两遍'], ['wrongly_signed', '签名不对'], ['signed_long_ago', '十分钟前的签名'], ['other_sum', '金额不同'], ['other_payer', '换付款人'], ['negative', '金额为负'], ['huge', '金额过大']]

/** Yuan as typed to integer fen, without a detour over binary fractions; null when it is no amount. */
function fen(text) {
  const found = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim())
  return found ? Number(found[1]) * 100 + Number((found[2] || '').padEnd(2, '0')) : null
}

const tag = ([words, tone]) => el('span', { class: `tag ${tone}` }, words)
const act = (label, path, body, tone = 'quiet') =>
  el('button', { class: `btn ${tone} small`, type: 'button', onclick: tapped(async () => { await post(path, body); await refresh() }) }, label)

function person(one) {
  const way = `/circle/api/people/${one.person_id}`
  return el('div', { class: 'who', 'data-person': one.person_id },
    el('span', { class: 'grow' }, el('b', {}, one.name), ' ', tag(STATES[one.state]), one.to_submit && el('span', { class: 'tag wait' }, '有待提交的消费')),
    el('span', { class: 'row' },
      one.to_submit && act('提交', `${way}/submit`),
      one.state === 'AUTHORIZED' ? act('关闭', `${way}/withdraw`, {}, 'danger') : act('开通', `${way}/authorise`, { mode: 'full' }),
      one.state === 'UNAUTHORIZED' && !one.code && act('只领卡', `${way}/authorise`, { mode: 'card' })))
}

function teller(path, isTold) {
  const how = el('select', { 'aria-label': '通知方式' }, AGAIN.map(([value, words]) => el('option', { value }, value === 'once' && !isTold ? '通知商场' : words)))
  const send = tapped(async () => { await post(path, { how: how.value }); toast('通知已发出，结果见下方'); await refresh() })
  return [how, el('button', { class: 'btn quiet small', type: 'button', onclick: send }, '发送')]
}

function earned(one) {
  if (!one.times_told) return el('span', {}, '商场还没有回报积分')
  const again = one.times_told > 1 ? `，共回报 ${one.times_told} 次` : ''
  return el('span', {}, one.points > 0 ? `商场${one.refunds.length ? '最后一次' : ''}回报 ${one.points} 积分${again}` : `商场回报不积分${one.remarks ? `：${one.remarks}` : ''}${again}`)
}

function refund(one) {
  return el('div', { class: 'back' }, el('span', {}, `退款 ${yuan(one.refund_fen)}`), tag(TELLINGS[one.state]),
    teller(`/circle/api/refunds/${one.refund_id}/notices`, one.state === 'told'))
}

function refunder(one) {
  const amount = el('input', { 'aria-label': '退款金额（元）', value: (one.left_fen / 100).toFixed(2), inputmode: 'decimal' })
  const give = (how) => tapped(async () => {
    await post(`/circle/api/payments/${one.transaction_id}/refunds`, { amount_fen: fen(amount.value), how })
    await refresh()
  })
  return [amount,
    el('button', { class: 'btn quiet small', type: 'button', onclick: give('') }, '退款'),
    !one.times_told && el('button', { class: 'btn quiet small', type: 'button', onclick: give('ahead') }, '退款先通知')]
}

function payment(one) {
  return el('article', { class: 'paid', 'data-payment': one.transaction_id },
    el('div', { class: 'paid-head' }, el('span', {}, `${one.name} · ${one.shop_name || one.shop_number}`), el('b', {}, yuan(one.amount_fen))),
    el('div', { class: 'paid-sub' }, tag(TELLINGS[one.state]), earned(one), el('span', {}, clockTime(one.paid_at)), el('span', { class: 'mono' }, one.transaction_id)),
    el('div', { class: 'row' }, teller(`/circle/api/payments/${one.transaction_id}/notices`, one.state === 'told')),
    one.left_fen > 0 && el('div', { class: 'row' }, refunder(one)),
    one.refunds.map(refund))
}

function parking(one, names) {
  return el('tr', {}, el('td', {}, clockTime(one.at)), el('td', {}, names[one.openid] || '–'), el('td', {}, one.plate), el('td', {}, tag(one.state === 'IN' ? ['入场', 'good'] : ['出场', 'info'])))
}

const LIES = Object.fromEntries([...AGAIN, ['other_app', '换小程序'], ['other_circle', '换商圈']].filter(([how]) => how !== 'once' && how !== 'twice'))
const about = (one) => el('td', {}, EVENTS[one.title], LIES[one.told] && el('span', { class: 'tag wait' }, LIES[one.told]), one.about && el('div', { class: 'mono' }, one.about))
const notice = (one) => el('tr', {}, about(one), el('td', {}, tag(SENT[one.state])), el('td', {}, one.outcome || '–'), el('td', { class: 'num' }, `${one.attempts} 次`))
const table = (rows, nothing) => (rows.length ? el('table', {}, el('tbody', {}, rows)) : el('p', { class: 'empty' }, nothing))

let shown = ''
async function refresh() {
  const said = await get('/circle/api')
  const now = JSON.stringify(said)
  if (now === shown) return
  shown = now
  draw(said)
}

function draw({ people, payments, parkings, notices }) {
  const names = Object.fromEntries(people.map((one) => [one.openid, one.name]))
  const payer = byId('payer').value
  byId('people').replaceChildren(...people.map(person))
  byId('payer').replaceChildren(...people.map((one) => el('option', { value: one.person_id, selected: one.person_id === payer }, one.state === 'AUTHORIZED' ? one.name : `${one.name}（未开通）`)))
  byId('payments').replaceChildren(...(payments.length ? payments.map(payment) : [el('p', { class: 'empty' }, '还没有付款。先给一位顾客开通自动积分，再在圈店付款。')]))
  byId('parkings').replaceChildren(table(parkings.map((one) => parking(one, names)), '还没有停车状态。开通了的会员绑定车牌后进场，商场会同步到这里。'))
  byId('notices').replaceChildren(table(notices.map(notice), '还没有通知。'))
}

const form = byId('pay-form')
const otherShop = byId('other-shop')
form.elements.shop.addEventListener('change', () => { otherShop.hidden = form.elements.shop.value !== 'other' })
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { person_id, shop, shop_number, yuan: typed, how } = Object.fromEntries(new FormData(form))
  byId('pay-error').textContent = ''
  try {
    await post('/circle/api/payments', { person_id, shop_number: shop === 'other' ? shop_number : shop, amount_fen: fen(typed), how })
    await refresh()
  } catch (error) {
    byId('pay-error').textContent = error.message
  }
})

byId('fault-form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const { endpoint, value } = Object.fromEntries(new FormData(event.target))
  await post('/faults', { kind: 'errcode', platform: 'pay', endpoint, value, times: 1 })
  byId('fault-said').textContent = `已打开：下一次调用返回 ${value}。`
})

const pulse = () => refresh().catch((error) => toast(error.message))
pulse()
setInterval(() => { if (!document.hidden && !document.querySelector('.paid :focus')) pulse() }, PULSE_MS)
