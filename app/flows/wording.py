"""Words for acts that span packages; edges alone use them."""

# Why a ledger moved.
REASONS = {
    "owed_before": "注销前所欠积分",
    "debt_forgiven": "免除所欠积分",
    "merge": "合并会员",
    "merge_undone": "撤销会员合并",
}

ACTIONS = {
    "member.debt_forgiven": "免除会员所欠积分",
}

FACTS = {
    "member.forgiven": "免除积分",
    "member.why": "原因",
}

NOUNS = {"callbacks": "平台通知", "payment_order": "付款订单", "payment_refund": "退款"}
