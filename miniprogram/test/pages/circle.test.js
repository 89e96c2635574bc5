const { member, signedIn } = require('../support/facts')
const { startMiniProgram, screen } = require('../support/wechat')

const PLUGIN = { openid: 'oMINI', mch_id: '1900000001' }

function start(circle) {
  return startMiniProgram({ 'POST /sessions/mini-program': signedIn(member), 'GET /members/me': member, 'GET /members/me/circle': circle })
}

test('what waits to be handed in stands first, and how it works below', async () => {
  const { open } = start({ is_offered: true, state: 'on', has_to_submit: true, plugin: PLUGIN })
  await open('circle')
  for (const text of ['您有待提交的消费', '自动积分已开通', '随时可以关闭']) expect(screen()).toContain(text)
})

test('who has not consented is told where to, and a mall without it what else there is', async () => {
  const { open } = start({ is_offered: true, state: 'never', has_to_submit: null, plugin: PLUGIN })
  await open('circle')
  expect(screen()).toContain('开通自动积分')
  expect(screen()).not.toContain('待提交')
})

test('a mall that is no circle leads to claims', async () => {
  const { open } = start({ is_offered: false, state: 'never', has_to_submit: null, plugin: null })
  await open('circle')
  expect(screen()).toContain('本商场还没有接入')
})
