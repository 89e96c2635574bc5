"""Words for consents to messages; edges alone use them."""

ERRORS = {
    "unknown_template": "没有这种订阅消息",
    "invalid_answer": "订阅结果有误，请重新选择",
}

MEMBER_FIELDS = {
    "allows": "可发订阅消息",
}

MEMBER_FIELD_CODES = {
    "allows": {"activity": "活动提醒", "benefit": "权益到期提醒", "member_day": "会员日提醒", "receipt": "审核结果"},
}
