const { member, signedIn } = require('../support/facts')
const { startMiniProgram, screen, tap, settled } = require('../support/wechat')

const PENDING = {
  id: 'f1', state: 'pending', state_name: '审核中', reason: null, store: null, receipt_no: null, amount_fen: null, day: null,
  has_photo: true, at: '2026-01-22T04:00:00Z',
}
const COUNTED = {
  ...PENDING, id: 'f2', state: 'approved', state_name: '已到账', store: '沸腾火锅', receipt_no: 'A0173', amount_fen: 28600, day: '2026-01-21',
}

const NOTICE = { template: 'receipt', template_id: 'TPL-R', title: '审核结果通知' }

function start({ items = [], left = 5, refusal = null, answer = 'accept' } = {}) {
  const { log, open } = startMiniProgram({
    'POST /sessions/mini-program': signedIn(member),
    'GET /members/me': member,
    'GET /members/me/receipt-photos': () => ({ items, next_cursor: null, days: 7, left, kept_days: 180, notice: NOTICE }),
    'POST /members/me/subscriptions': { stock: { receipt: 1 } },
    'POST /members/me/receipt-photos': () => refusal ?? PENDING,
    'GET /members/me/receipt-photos/f1/image': { url: 'data:image/jpeg;base64,AAAA' },
    'DELETE /members/me/receipt-photos/f1/image': PENDING,
  })
  Object.assign(global.wx, {
    requestSubscribeMessage: (options) => options.success({ 'TPL-R': answer }),
    chooseMedia: ({ success }) => success({ tempFiles: [{ tempFilePath: 'wxfile://taken' }] }),
    compressImage: ({ success }) => success({ tempFilePath: 'wxfile://smaller' }),
    getFileSystemManager: () => ({ readFile: ({ filePath, success }) => success({ data: `base64 of ${filePath}` }) }),
  })
  return { log, open }
}

test('a receipt is taken, looked at once more and sent small, for the claim that it proves', async () => {
  const { log, open } = start()
  await open('photos', { claim: 'c1' })
  expect(screen()).toContain('今天还可上传 5 张')
  await tap('btn', '拍照证明这次消费')
  expect(screen()).toContain('请确认整张小票清晰、完整')
  await tap('acts__one', '上传')
  await settled()
  const [sent] = log.requests.filter((request) => request.key === 'POST /members/me/receipt-photos')
  expect(sent.body).toEqual({ photo: 'base64 of wxfile://smaller', claim: 'c1' })
  expect(screen()).toContain('拍下整张小票')
})

test.each([
  ['accept', [{ results: { receipt: 'accept' } }]],
  ['reject', []],
])('whoever is asked whether to be told of the result and says %s sends the photograph', async (answer, told) => {
  const { log, open } = start({ answer })
  await open('photos')
  await tap('btn', '从相册选择')
  await tap('acts__one', '上传')
  await settled()
  const bodies = (key) => log.requests.filter((request) => request.key === key).map((request) => request.body)
  expect(bodies('POST /members/me/subscriptions')).toEqual(told)
  expect(bodies('POST /members/me/receipt-photos')).toHaveLength(1)
})

test('a refusal stands beside the photograph, and asks for another one', async () => {
  const { open } = start({ refusal: { status: 409, body: { error: { code: 'photo_known', message: '这张照片已经提交过，请勿重复上传' } } } })
  await open('photos')
  await tap('btn', '从相册选择')
  await tap('acts__one', '上传')
  await settled()
  expect(screen()).toContain('这张照片已经提交过')
  expect(screen()).toContain('重拍')
})

test('the list says what became of each, and a photograph goes when its member wants', async () => {
  const { log, open } = start({ items: [PENDING, COUNTED], left: 0 })
  await open('photos')
  for (const text of ['今天不能再上传了', '审核中', '沸腾火锅', '小票号 A0173', '¥286.00', '已到账']) expect(screen()).toContain(text)
  await tap('row', '小票照片')
  await settled()
  await tap('ask-drop', '删除照片')
  expect(screen()).toContain('删除后这次上传会撤回')
  await tap('drop', '确认删除')
  await settled()
  expect(log.requests.map((request) => request.key)).toContain('DELETE /members/me/receipt-photos/f1/image')
})
