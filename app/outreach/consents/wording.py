"""Words for consents to messages; edges alone use them."""

ERRORS = {
    "unknown_template": "没有这种订阅消息",
    "invalid_answer": "订阅结果有误，请重新选择",
}
