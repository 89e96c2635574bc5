"""Words for tiers; edges alone use them."""

ERRORS = {
    "tier_unknown": "没有这个等级，请刷新后重试",
    "tier_perks_too_long": "每个等级最多 {lines} 条权益，每条 {most} 字以内",
}

ACTIONS = {"tier.set_perks": "修改等级权益"}

SUBJECTS = {"tier.": "会员等级"}

FACTS = {"tier.name": "等级", "tier.lines": "权益"}
