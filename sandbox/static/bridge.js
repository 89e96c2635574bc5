/** The host bridge: what WeChat's runtime gives a mini-program, asked for by the page in the frame. */
import { get, post } from './api.js'
import { path, person } from './people.js'
import { appLine, el, sheet, yuan } from './ui.js'
import { pickContent } from './scan.js'

class Refused extends Error {}

const methods = {
  login: () => post(path('/login-code')),

  async getPhoneNumber() {
    const allowed = await sheet((finish) => [
      appLine('小程序申请使用'),
      el('h3', {}, '获取并验证你的手机号'),
      el('p', {}, '用于会员账户的识别与服务通知'),
      el('div', { class: 'list' }, el('div', { class: 'line' }, el('span', { class: 'grow' }, person().phone, el('small', {}, '微信绑定号码')))),
      el('div', { class: 'btns' },
        el('button', { class: 'btn quiet', 'data-act': 'refuse', onclick: () => finish(false) }, '不允许'),
        el('button', { class: 'btn', 'data-act': 'allow', onclick: () => finish(true) }, '允许')),
    ])
    if (!allowed) throw new Refused('getPhoneNumber:fail user deny')
    return post(path('/phone-code'))
  },

  async requestSubscribeMessage({ tmplIds }) {
    const templates = (await get(path('/subscriptions'))).items.filter((one) => tmplIds?.includes(one.id))
    if (!templates.length || templates.length !== tmplIds.length) throw new Refused('requestSubscribeMessage:fail No template data return, verify the template id exist')
    const silent = templates.every((one) => one.remembered)
    const chosen = silent ? { results: {} } : await askSubscriptions(templates)
    const results = Object.fromEntries(templates.map((one) => [one.id, one.remembered || chosen?.results[one.id] || 'reject']))
    return post(path('/subscribe'), { results, remember: chosen?.remember === true })
  },

  async requestPayment(params) {
    const order = await get(`/phone/api/orders/${encodeURIComponent(params.package)}`)
    const paid = await sheet((finish) => [
      appLine('微信支付'),
      el('p', { class: 'total' }, yuan(order.total_fen)),
      el('p', { class: 'empty' }, order.description),
      el('div', { class: 'btns' },
        el('button', { class: 'btn quiet', 'data-act': 'cancel', onclick: () => finish(false) }, '取消'),
        el('button', { class: 'btn', 'data-act': 'pay', onclick: () => finish(true) }, '确认支付')),
    ])
    if (!paid) throw new Refused('requestPayment:fail cancel')
    await post(path('/pay'), params)
    return {}
  },

  async openCircle() {
    const way = `/circle/api/people/${encodeURIComponent(person().id)}`
    const card = await get(way)
    const [title, text, button, act] = card.to_submit
      ? ['有待提交的消费', '提交后，商场会为您积分', '提交', 'submit']
      : card.state === 'AUTHORIZED'
        ? ['自动积分已开通', '在圈店用微信支付，自动积分', '关闭自动积分', 'withdraw']
        : ['开通支付后自动积分', '同意把您在圈店的支付记录告知商场，用于积分', '同意并开通', 'authorise']
    const agreed = await sheet((finish) => [
      appLine('微信支付 · 商圈会员快速积分'),
      el('h3', {}, title),
      el('p', {}, text),
      el('div', { class: 'btns' },
        el('button', { class: 'btn quiet', 'data-act': 'cancel', onclick: () => finish(false) }, '返回'),
        el('button', { class: 'btn', 'data-act': act, onclick: () => finish(true) }, button)),
    ])
    if (agreed) await post(`${way}/${act}`, act === 'authorise' ? { mode: 'full' } : {})
    return {}
  },

  async scanCode() {
    const result = await pickContent()
    if (!result) throw new Refused('scanCode:fail cancel')
    return { result }
  },
}

function askSubscriptions(templates) {
  return sheet((finish) => {
    const boxes = templates.map((one) => el('input', { type: 'checkbox', checked: one.remembered !== 'reject', value: one.id }))
    const keep = el('input', { type: 'checkbox' })
    const results = () => Object.fromEntries(boxes.map((box) => [box.value, box.checked ? 'accept' : 'reject']))
    return [
      appLine('小程序申请'),
      el('h3', {}, '发送以下消息'),
      el('div', { class: 'list' }, templates.map((one, index) => el('label', { class: 'choice' }, boxes[index], one.title))),
      el('label', { class: 'choice keep' }, keep, '总是保持以上选择，不再询问'),
      el('div', { class: 'btns' },
        el('button', { class: 'btn quiet', 'data-act': 'refuse', onclick: () => finish({ results: {}, remember: keep.checked }) }, '取消'),
        el('button', { class: 'btn', 'data-act': 'allow', onclick: () => finish({ results: results(), remember: keep.checked }) }, '允许')),
    ]
  })
}

/** Answers one request of the frame; anything that is no request is left alone. */
export async function answer(data, reply) {
  if (data?.huitou !== 1 || typeof data.method !== 'string' || !data.id) return
  const method = Object.hasOwn(methods, data.method) ? methods[data.method] : null
  try {
    if (!method) throw new Refused(`${data.method}:fail not supported`)
    reply({ huitou: 1, id: data.id, ok: true, result: await method(data.params || {}) })
  } catch (error) {
    const errMsg = error instanceof Refused || error.message.includes(':fail') ? error.message : `${data.method}:fail ${error.message}`
    reply({ huitou: 1, id: data.id, ok: false, error: { errMsg } })
  }
}
