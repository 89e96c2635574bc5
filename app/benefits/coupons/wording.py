"""Words for coupons and their redemption; edges alone use them."""

ERRORS = {
    "coupon_not_found": "没有找到这张券，请核对券码",
    "coupon_already_redeemed": "这张券已于 {redeemed_at} 在{store}核销",
    "coupon_not_yet_valid": "这张券 {valid_from} 起才能使用",
    "coupon_expired": "这张券已于 {valid_until} 过期",
    "coupon_void": "这张券已作废",
    "coupon_reserved": "这张券正在付款中，暂时不能核销",
    "coupon_not_for_store": "这张券不能在本店使用",
    "coupon_for_parking": "这是停车券，不在门店核销",
    "spend_required": "请填写本单金额，该券最低消费 ¥{minimum}",
    "minimum_spend_not_met": "未达到最低消费 ¥{minimum}，还差 ¥{missing}",
    "redemption_not_found": "没有找到本店的这次核销",
    "reversal_too_late": "核销已超过 15 分钟，不能撤销",
    "redemption_already_reversed": "这次核销已经撤销过了",
}

ACTIONS = {
    "redemption.create": "核销",
    "redemption.undo": "撤销核销",
}

SUBJECTS = {
    "redemption.": "核销",
}

NOUNS = {
    "redemption": "核销",
}

FACTS = {
    "coupon": "券码尾号",
    "discount_fen": "优惠",
}
