/** The faults panel: the same calls that tests make. */
import { call, post } from './api.js'

const form = document.getElementById('fault-form')
const kind = form.elements.kind
const valueLabel = document.getElementById('value-label')

function showValue() {
  valueLabel.hidden = kind.selectedOptions[0].dataset.needs !== '1'
  if (valueLabel.hidden) form.elements.value.value = ''
}

kind.addEventListener('change', showValue)
showValue()

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const fields = Object.fromEntries(new FormData(form))
  try {
    await post('/faults', { ...fields, times: fields.times ? Number(fields.times) : null })
    location.reload()
  } catch (error) {
    document.getElementById('fault-error').textContent = error.message
  }
})

for (const button of document.querySelectorAll('[data-clear]')) {
  button.addEventListener('click', async () => {
    await call('DELETE', `/faults${button.dataset.clear ? `/${button.dataset.clear}` : ''}`)
    location.reload()
  })
}

for (const button of document.querySelectorAll('[data-expire]')) {
  button.addEventListener('click', async () => {
    const { expired } = await post('/faults', { kind: 'expire_token', platform: button.dataset.expire })
    document.getElementById('expired').textContent = expired ? `已让 ${expired} 个令牌过期。` : '没有还有效的令牌。'
  })
}
