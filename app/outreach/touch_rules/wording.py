"""Words for rules of touches; edges alone use them."""

ERRORS = {
    "invalid_outreach_policy": "触达规则有误：平均每天不超过 1 条营销消息，静默最长 20 小时，生效时间不能早于现在",
    "outreach_policy_in_force": "这条触达规则已经生效，或已被撤回",
    "outreach_policy_conflict": "这一天已有另一条触达规则：先撤回它，或选择别的日期",
}

ACTIONS = {
    "message.set_rule": "新增触达规则",
    "message.withdraw_rule": "撤回触达规则",
}

SUBJECTS = {
    "message.": "消息触达",
}

NOUNS = {
    "outreach_policy": "触达规则",
}

FACTS = {
    "marketing_cap": "营销上限",
    "window_days": "统计窗口",
    "quiet": "静默",
}
