"""Words for what points came to; edges alone use them."""

SOURCES = {
    "purchase": "消费基础积分",
    "tier": "等级加赠",
    "birthday": "生日加赠",
    "member_day": "会员日加赠",
    "first_order": "首单加赠",
    "campaign": "活动加赠",
    "segment": "受邀会员加赠",
    "visit": "到店",
    "share": "分享",
    "plate": "绑定车牌",
    "profile": "完善资料",
    "adviser": "添加专属顾问",
    "invitation": "邀请好友",
    "task": "完成任务",
    "join": "入会礼",
    "refund": "退货",
    "refund_elsewhere": "在其他门店退货",
    "parking": "停车抵扣",
    "parking_back": "停车抵扣退回",
    "exchange_back": "兑换退回",
    "till": "门店抵用",
    "till_back": "门店抵用退回",
    "exchange": "兑换优惠券",
    "expiry": "到期",
    "leaving": "注销会员",
    "merge": "合并会员",
    "merge_undone": "撤销会员合并",
    "owed_before": "注销前所欠积分",
    "debt_forgiven": "免除欠分",
    "care_complaint": "客服补偿",
    "care_missing": "客服补记",
    "care_mistake": "客服更正",
    "care_care": "客服关怀",
    "note": "其他",
}

CASES = {
    "points_rate": {
        "title": "积分兑换率超出控制区间",
        "reasons": {
            "below": "{first} 至 {last} 净发放 {issued} 积分，净使用 {spent}，兑换率 {percent}%，低于 28%。",
            "above": "{first} 至 {last} 净发放 {issued} 积分，净使用 {spent}，兑换率 {percent}%，高于 32%。",
        },
        "ask": "在「积分 → 负债与成本」查看各来源的发放与使用。偏低说明积分难用或不值得用，偏高说明发放或抵用过宽。",
        "outcomes": {"changed": "已调整发放或抵用规则", "accepted": "已评估，维持现行规则"},
    },
}


def source_name(code: str) -> str:
    """What moved points: a kind of extra, or the reason of an entry."""
    return SOURCES.get(code, SOURCES["note"])
