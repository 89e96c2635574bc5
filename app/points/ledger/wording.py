"""Words for points; edges alone use them."""

ERRORS = {
    "insufficient_points": "可用积分不足",
    "no_points_owed": "该会员没有欠积分",
    "points_entry_not_found": "未找到对应的积分记录",
}

# Why a ledger moved.
REASONS = {
    "expiry": "积分到期",
}

MEMBER_FIELDS = {
    "points": "可用积分",
}
