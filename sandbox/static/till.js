/** The till: rings up a receipt and shows what the product answered. */
import { post } from './api.js'
import { el } from './ui.js'

const form = document.getElementById('till-form')
const answerBox = document.getElementById('till-answer')
const again = document.getElementById('again')
let last = null

/** Yuan as typed to integer fen, without a detour over binary fractions; null when it is no amount. */
function fen(text) {
  const found = /^(-?)(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (!found) return null
  const value = Number(found[2]) * 100 + Number((found[3] || '').padEnd(2, '0'))
  return found[1] ? -value : value
}

function show({ receipt, status, answer }) {
  const good = status < 300
  answerBox.replaceChildren(
    el('p', {}, el('span', { class: `tag ${good ? 'good' : 'bad'}` }, good ? (status === 201 ? '已入账' : '早已入账，没有重复') : `未入账 · ${status}`)),
    good ? el('p', { class: 'big' }, `${answer.points ?? 0} 积分`) : el('p', { class: 'big' }, answer.error?.message || '出错了'),
    el('p', { class: 'hint' }, `小票号 ${receipt.receipt_no}${answer.first_purchase ? ' · 首单' : ''}`),
    el('details', {}, el('summary', { class: 'hint' }, '原始应答'), el('pre', { class: 'answer' }, JSON.stringify(answer, null, 2))),
  )
}

const choice = form.elements.store
const otherStore = document.getElementById('other-store')

/** A store of the list, or the number typed for one that is not on it. */
function storeCode() {
  return choice && choice.value !== 'other' ? choice.value : form.elements.store_code.value.trim()
}

choice?.addEventListener('change', () => {
  otherStore.hidden = choice.value !== 'other'
  if (!otherStore.hidden) form.elements.store_code.focus()
})

async function send(receipt) {
  document.getElementById('till-error').textContent = ''
  try {
    const result = await post('/till/api/receipts', receipt)
    last = result.receipt
    again.disabled = false
    show(result)
  } catch (error) {
    document.getElementById('till-error').textContent = error.message
  }
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { yuan, by, who, receipt_no, refund_of } = Object.fromEntries(new FormData(form))
  await send({ store_code: storeCode(), amount_fen: fen(yuan), [by]: who.trim() || null, receipt_no, refund_of })
})

again.addEventListener('click', () => send(last))
