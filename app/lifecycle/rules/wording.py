"""Words for the rules of the lifecycle; edges alone use them."""

ERRORS = {
    "lifecycle_rules_not_sensible": "分层规则的数值互相矛盾",
    "lifecycle_rules_too_early": "分层规则最早从明天起生效",
    "lifecycle_rules_conflict": "这一天已有另一套分层规则：先撤回它，或选择别的日期",
    "lifecycle_rules_in_force": "这套分层规则已经生效，或已被撤回",
}

ACTIONS = {
    "lifecycle.set_rules": "发布分层规则",
    "lifecycle.withdraw_rules": "撤回分层规则",
}

NOUNS = {
    "lifecycle_rules": "分层规则",
}

FACTS = {
    "lifecycle.active_days": "活跃",
    "lifecycle.silent_days": "沉默",
    "lifecycle.warning_days": "流失预警",
    "lifecycle.sleeping_days": "沉睡",
    "lifecycle.lost_days": "流失",
    "lifecycle.recent_days": "消费次数统计天数",
    "lifecycle.repeat_purchases": "活跃复购次数",
    "lifecycle.high_purchases": "高价值次数",
    "lifecycle.spend_days": "消费额统计天数",
    "lifecycle.high_spend_top_bps": "高价值消费额排名",
    "lifecycle.high_margin_fen": "高价值毛利",
    "lifecycle.high_friends": "高价值带来的好友",
    "lifecycle.would_move": "发布时会变动的会员",
}
