import type { Circle } from '@/api/types'

/** How a member stands with the points of WeChat Pay, in words: on the page, and in the row that leads there. */
export const CIRCLE_WORDS: Record<Circle['state'], { title: string; text: string; act: string; row: string }> = {
  on: { title: '自动积分已开通', text: '在商场用微信支付付款，积分自动到账', act: '', row: '已开通' },
  off: { title: '自动积分已关闭', text: '重新开通后，用微信支付付款又能自动积分', act: '重新开通', row: '已关闭' },
  card: { title: '还差一步', text: '会员卡已领取，同意后用微信支付付款就能自动积分', act: '继续开通', row: '未开通' },
  never: { title: '开通自动积分', text: '开通一次，以后用微信支付付款自动积分', act: '开通自动积分', row: '去开通' },
}
