"""Words for messages; edges alone use them."""

MESSAGE_KINDS = {
    "coupon_expiring": "券到期提醒",
    "birthday": "生日礼遇",
    "win_back": "回访唤醒",
    "member_day": "会员日提醒",
    "content": "活动与内容",
    "greeting": "欢迎语",
    "points_arrived": "积分到账",
    "parking": "停车通知",
    "order": "订单通知",
    "security": "安全通知",
    "tier_loss": "等级变动提醒",
}
