"""Words for the prices of messages; edges alone use them."""

ERRORS = {
    "message_prices_too_early": "消息单价最早从明天起生效",
    "message_prices_conflict": "这一天已有另一组消息单价：先撤回它，或选择别的日期",
    "message_prices_in_force": "这组消息单价已经生效，或已被撤回",
}

CHANNELS = {
    "subscribe": "小程序订阅消息",
    "official": "公众号模板消息",
    "wecom": "企业微信",
    "sms": "短信",
}

ACTIONS = {
    "message.set_prices": "新增消息单价",
    "message.withdraw_prices": "撤回消息单价",
}

NOUNS = {
    "message_prices": "消息单价",
}

FACTS = {
    "subscribe_fen": "订阅消息每千条",
    "official_fen": "公众号消息每千条",
    "wecom_fen": "企业微信每千条",
    "sms_fen": "短信每千条",
}
