"""Words for points; edges alone use them."""

ERRORS = {
    "insufficient_points": "可用积分不足",
    "points_hold_captured": "冻结的积分已经使用，不能再解冻",
    "points_hold_exceeded": "使用的积分须在已冻结的积分以内",
    "points_hold_not_found": "未找到冻结的积分",
    "points_hold_over": "冻结的积分已退还会员，请重新发起",
    "no_points_owed": "该会员没有欠积分",
    "points_entry_not_found": "未找到对应的积分记录",
}

# Why a ledger moved.
REASONS = {
    "expiry": "积分到期",
}

# What became of points that were held.
HOLD_STATUSES = {
    "open": "冻结中",
    "captured": "已使用",
    "released": "已解冻",
    "lapsed": "超时解冻",
}

MEMBER_FIELDS = {
    "points": "可用积分",
}
