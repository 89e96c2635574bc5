// What to do next after a refusal, by its code. The reason itself comes from the server.

const STEPS = {
  coupon_code_garbled: "请切换到英文输入法后重新扫码。",
  member_code_case_lost: "也请关闭键盘的大写锁定（Caps Lock）。",
  member_code_garbled: "请关闭中文输入法和全角输入。",
  coupon_not_found: "请逐位核对券码，或让会员打开「优惠券」重新出示券码。",
  coupon_already_redeemed: "一张券只能用一次。请会员在「优惠券」里换一张未使用的。",
  coupon_not_yet_valid: "本次先不使用，券不会失效；请看看会员有没有今天能用的券。",
  coupon_expired: "请会员在「优惠券」里看看有没有未过期的券。",
  coupon_void: "这张券已被商场收回，会员可到服务台咨询。",
  coupon_reserved: "会员正在用这张券付款，请等付款完成或取消后再试。",
  coupon_for_parking: "请会员在小程序「停车缴费」中使用，无需店员核销。",
  minimum_spend_not_met: "凑够金额后再核销，券不会失效。",
  spend_required: "请填写本单小票金额后再核销。",
  member_code_expired: "会员码每分钟更新，请会员下拉刷新后重新出示。",
  member_code_used: "请会员刷新会员码后重新出示。",
  member_code_invalid: "请确认扫的是会员小程序里的会员码，截图无效。",
  spoken_code_unknown: "动态码每分钟更新，手机尾号是会员注册手机号的后四位。",
  spoken_code_unclear: "动态码每分钟更新，下一个就能查到。",
  reversal_too_late: "超过 15 分钟不能自行撤销，请联系商场服务台处理。",
  redemption_already_reversed: "券已退回会员，可以重新核销。",
  redemption_not_found: "只能撤销本店的核销，请确认所在门店。",
  insufficient_points: "请会员在小程序查看可用积分，或少收一些。",
  store_takes_no_points: "请联系商场运营添加积分结算条款。",
  points_code_too_old: "请会员重新出示会员码，扫码后再收。",
  points_code_spent: "每个会员码只能付一次积分，请会员刷新会员码后再扫。",
  points_payment_waits: "店员收的可在「今日记录」打开后取消；收银机收的，请在收银机上完成或取消。",
  points_undo_too_late: "超过 15 分钟不能自行撤销，请联系商场服务台处理。",
  points_payment_not_paid: "请以「今日记录」为准。",
  throttled: "请稍等一会儿再扫。",
};

export function nextStep(refusal) {
  return refusal.fields?.next_step || STEPS[refusal.code] || "请稍后再试，或联系商场服务台。";
}
