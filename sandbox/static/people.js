/** Who holds the phone: the choice is kept in this browser and told to the OAuth page. */
import { get, post } from './api.js'
import { byId, el, sheet, tapped, toast } from './ui.js'

const KEPT = 'sandbox.person'
let everybody = []
let current = null
const listeners = []

export const person = () => current
export const path = (tail) => `/phone/api/people/${encodeURIComponent(current.id)}${tail}`
export const onChange = (listener) => listeners.push(listener)

export async function load() {
  everybody = (await get('/phone/api/people')).items
  const wanted = new URLSearchParams(location.search).get('person') || localStorage.getItem(KEPT)
  await choose((everybody.find((one) => one.id === wanted) || everybody[0]).id)
}

export async function choose(id) {
  current = await post(`/phone/api/people/${encodeURIComponent(id)}/choose`)
  localStorage.setItem(KEPT, current.id)
  byId('owner').textContent = current.name
  byId('side-people').replaceChildren(...buttons())
  listeners.forEach((listener) => listener(current))
}

export async function refresh() {
  everybody = (await get('/phone/api/people')).items
  await choose(current.id)
}

const tone = (one) => everybody.findIndex((other) => other.id === one.id) % 5

export function avatar(one) {
  return el('span', { class: `avatar tone-${tone(one)}`, 'aria-hidden': 'true' }, one.name.slice(0, 1))
}

export function buttons() {
  const rows = everybody.map((one) =>
    el('button', { class: 'person', 'aria-pressed': String(one.id === current.id), onclick: tapped(() => choose(one.id)) },
      avatar(one), el('span', {}, el('b', {}, one.name), el('small', {}, one.phone))))
  const more = el('button', { class: 'btn quiet', onclick: tapped(makeOne) }, '新建一个人')
  return [...rows, more]
}

async function makeOne() {
  await sheet((finish) => {
    const form = el('form', {
      class: 'stack',
      onsubmit: tapped(async () => {
        const made = await post('/phone/api/people', { name: form.elements.name.value, phone: form.elements.phone.value })
        everybody.push(made)
        await choose(made.id)
        finish(made)
        toast(`现在是${made.name}的手机`)
      }),
    },
    el('h3', {}, '新建一个人'),
    el('label', {}, '姓名', el('input', { name: 'name', maxlength: '30', required: true, autocomplete: 'off' })),
    el('label', {}, '手机号', el('input', { name: 'phone', inputmode: 'numeric', maxlength: '11', required: true, autocomplete: 'off', placeholder: '11 位手机号' })),
    el('button', { class: 'btn' }, '拿起这部手机'))
    return form
  })
}
