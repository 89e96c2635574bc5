/** @jest-environment jsdom */
import { openToAll } from '@/platform/h5-access'

const later = () => new Promise((done) => setTimeout(done))

afterEach(() => document.body.replaceChildren())

test('what a wrapper is called is handed on to the field inside, also later', async () => {
  document.body.innerHTML = '<uni-input aria-label="手机号" autocomplete="tel"><input autocomplete="off"></uni-input>'
  openToAll(document.body)
  const field = document.querySelector('input')
  expect([field?.getAttribute('aria-label'), field?.getAttribute('autocomplete')]).toEqual(['手机号', 'tel'])

  document.body.insertAdjacentHTML('beforeend', '<uni-input aria-label="短信验证码"></uni-input>')
  document.body.lastElementChild?.append(document.createElement('input'))
  await later()
  expect([...document.querySelectorAll('input')].map((one) => one.getAttribute('aria-label'))).toEqual(['手机号', '短信验证码'])
})

test('keys reach and press what fingers press, unless it is off', async () => {
  document.body.innerHTML = '<uni-button>加入</uni-button><div role="tab">停车</div>'
  openToAll(document.body)
  const pressed: string[] = []
  document.body.addEventListener('click', (event) => pressed.push((event.target as Element).textContent as string))
  const [button, tab] = [...document.body.children] as HTMLElement[]
  for (const [place, key] of [[button, 'Enter'], [tab, ' '], [tab, 'x']] as const) {
    place.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  }
  expect(pressed).toEqual(['加入', '停车'])
  expect([button.getAttribute('role'), button.tabIndex]).toEqual(['button', 0])

  button.setAttribute('disabled', 'true')
  await later()
  expect([button.tabIndex, button.getAttribute('aria-disabled')]).toEqual([-1, 'true'])
})
