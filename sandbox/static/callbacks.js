/** Sending a callback again, and the check WeCom makes when its address is saved. */
import { post } from './api.js'

for (const button of document.querySelectorAll('[data-resend]')) {
  button.addEventListener('click', async () => {
    await post(`/callbacks/${button.dataset.resend}/resend`)
    button.disabled = true
    button.textContent = '已重发'
  })
}

document.getElementById('check-wecom').addEventListener('click', async () => {
  const { ok, reason } = await post('/callbacks/check-wecom')
  document.getElementById('check-result').textContent = ok ? '地址可用：一秒内原样回了消息。' : `地址不可用：${reason}`
})
