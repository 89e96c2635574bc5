/** Driving: a car before a barrier, and what the barrier was told. */
import { get, post } from './api.js'
import { path } from './people.js'
import { byId, el, icon, tapped, yuan } from './ui.js'

const PLACES = { outside: '在场外', at_entry: '在入口', inside: '在场内', at_exit: '在出口' }
const ENTRIES = [[0, '现在'], [70, '1 小时前（道闸补传）'], [200, '3 小时前（道闸补传）']]
const carParks = () => JSON.parse(byId('device').dataset.carParks)
let cars = []

const go = (plate, direction, carPark, eventId) =>
  tapped(async () => {
    await post(path('/drive'), { plate, direction, car_park_code: carPark, event_id: eventId })
    await refresh()
  })

function actions(car) {
  const unanswered = car.note.includes('重试')
  const way = car.place === 'at_entry' || car.place === 'outside' ? 'in' : 'out'
  const label = { outside: '再次入场', at_entry: '重试入场', inside: '开到出口', at_exit: '再试出场' }[car.place]
  return [
    el('button', { class: 'btn', 'data-act': way, onclick: go(car.plate, way, car.car_park_code, unanswered ? car.event_id : undefined) }, label),
    car.place === 'inside' && el('button', { class: 'btn quiet', onclick: go(car.plate, 'in', car.car_park_code, car.event_id) }, '重发入场'),
    car.place === 'outside' && el('button', { class: 'btn quiet', onclick: go(car.plate, 'out', car.car_park_code, car.event_id) }, '重发出场'),
  ]
}

function lane(car) {
  const isOpen = car.barrier === 'open'
  return el('article', { class: 'lane', 'data-plate': car.plate },
    el('div', { class: 'lane-head' }, el('span', { class: 'plate' }, car.plate),
      el('span', { class: `tag ${isOpen ? 'good' : 'wait'}` }, isOpen ? '道闸已抬起' : '道闸落下')),
    el('div', { class: `barrier ${isOpen ? 'open' : ''}`, 'data-place': car.place },
      el('span', { class: 'auto' }, icon('car')), el('span', { class: 'arm' }), el('span', { class: 'post' })),
    el('p', { class: 'note' }, `${car.car_park} · ${PLACES[car.place]} · ${car.note}`, car.due_fen ? `，应缴 ${yuan(car.due_fen)}` : ''),
    el('div', { class: 'btns' }, actions(car)))
}

function form() {
  const parks = Object.entries(carParks())
  if (!parks.length) return el('p', { class: 'empty' }, '还没有停车场。启动沙盒时设置 SANDBOX_GATE_ID 和 SANDBOX_CAR_PARKS。')
  const node = el('form', {
    class: 'lane stack',
    onsubmit: tapped(async () => {
      const { plate, park, entered } = node.elements
      await post(path('/drive'), { plate: plate.value, direction: 'in', car_park_code: park.value, minutes_ago: Number(entered.value) })
      node.reset()
      await refresh()
    }),
  },
  el('label', {}, '车牌', el('input', { name: 'plate', placeholder: '沪A12345', maxlength: '10', required: true, autocomplete: 'off' })),
  el('label', {}, '停车场', el('select', { name: 'park' }, parks.map(([code, name]) => el('option', { value: code }, name)))),
  el('label', {}, '入场时间', el('select', { name: 'entered' }, ENTRIES.map(([minutes, words]) => el('option', { value: minutes }, words)))),
  el('button', { class: 'btn' }, '开到入口'))
  return node
}

export function render() {
  byId('view-drive').replaceChildren(el('h1', {}, '开车'), form(), el('h2', {}, '我的车'), el('div', { id: 'cars' }))
  shown = ''
  draw()
}

let shown = ''
function draw() {
  const now = JSON.stringify(cars)
  if (now === shown) return
  shown = now
  byId('cars').replaceChildren(...(cars.length ? cars.map(lane) : [el('p', { class: 'empty' }, '还没开车来过。填上车牌，开到入口试试。')]))
}

export async function refresh() {
  cars = (await get(path('/cars'))).items
  draw()
}
