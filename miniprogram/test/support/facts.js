// Answers of the API as the contract writes them.
const mall = {
  code: 'yhc',
  name: '悦汇城',
  accent: '#8c4a2f',
  accent_far: null,
  slogan: '汇聚城市好时光',
  logo: { small: '/pictures/a1/96', medium: '/pictures/a1/192', large: '/pictures/a1/384' },
  cover: { small: '/pictures/b2/480', medium: '/pictures/b2/720', large: '/pictures/b2/960' },
  card: null,
}

const entrance = {
  scene: 'LIFT3F',
  name: '3F 电梯厅',
  kind: 'lift',
  mall,
  headline: '今天停车 2 小时我们请',
  standing: 'open',
  benefits: [
    {
      campaign: 'c1',
      title: '餐饮立减 10 元',
      summary: '咖啡正餐',
      kind: 'cash',
      face_text: '¥10',
      brief: '满 30 元可用 · 晨光咖啡等 4 家门店',
      until: '有效期至 2026-11-28（7 天）',
      conditions: ['满 30 元可用', '晨光咖啡等 4 家门店可用', '有效期至 2026-11-28（7 天）', '每张仅可使用一次'],
      stores: [{ code: 'S1', name: '晨光咖啡', floor: '1F' }],
      picture: null,
    },
  ],
  consent: { version: '2026-11', title: '会员协议', body: '一、我们收集什么' },
}

const member = {
  id: 'm1',
  status: 'member',
  joined_at: '2026-11-22T02:00:00Z',
  phone_masked: '138****5678',
  phone_verified: true,
  card_no: '628800123456',
  points: 12860,
  tier: { code: 'gold', name: '金卡会员', next: { name: '白金会员', missing: 10000 } },
  growth: 0,
  mall,
  coupons_usable: 1,
  tasks_done: 1,
  tasks_total: 3,
  tasks_points: 100,
}

const visitor = { ...member, status: 'visitor', phone_masked: null, phone_verified: false, card_no: null, points: 0 }

const coupon = {
  id: '7',
  code: 'BCDF2345GHJK',
  title: '入会停车券',
  summary: '本商场停车场',
  kind: 'parking',
  face_text: '2 小时',
  brief: '停车缴费时抵扣',
  conditions: ['每次限用一张'],
  stores: [],
  picture: null,
  valid_from: '2026-01-01T00:00:00Z',
  valid_until: '2036-01-01T00:00:00Z',
  status: 'usable',
  plate: null,
  redeemed_at: null,
  redeemed_store: null,
}

const suggestions = { tasks: { count: 2, points: 100 }, offers: [], stores: [], earning: null }

const signedIn = (who) => ({ status: 201, body: { token: 'token-1', expires_at: '2036-01-01T00:00:00Z', member: who } })

module.exports = { mall, entrance, member, visitor, coupon, suggestions, signedIn }
