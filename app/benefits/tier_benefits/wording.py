"""Words for what tiers give; edges alone use them."""

from collections.abc import Mapping

from app.benefits.tier_benefits.rules import Priority, Rhythm, TierGives

ERRORS = {
    "tier_benefits_invalid": "等级权益里有不存在的活动、门店，有不发给该等级的券，或数值不合理，请检查后重新提交",
    "tier_benefits_too_early": "等级权益最早从明天起生效",
    "tier_benefits_conflict": "这一天已有另一套等级权益：先撤回它，或选择别的日期",
    "tier_benefits_in_force": "这套等级权益已经生效，或已被撤回",
}

ACTIONS = {
    "tier.publish_benefits": "发布等级权益",
    "tier.withdraw_benefits": "撤回等级权益",
}

NOUNS = {"tier_benefits": "等级权益"}

FACTS = {"tier.benefits": "权益"}

RHYTHMS = {
    Rhythm.WEEK.value: "每周",
    Rhythm.MONTH.value: "每月",
    Rhythm.YEAR.value: "每年",
    Rhythm.BIRTHDAY.value: "生日当月",
}

PRIORITIES = {
    Priority.QUEUE.value: "热门餐厅优先排队",
    Priority.ACTIVITIES.value: "活动优先报名",
    Priority.ADVISER.value: "专属顾问",
    Priority.LOUNGE.value: "贵宾厅",
}


def say(gives: TierGives, *, campaigns: Mapping[str, str], stores: Mapping[str, str]) -> list[str]:
    """What a tier gives, a line each; `campaigns` and `stores` are names by public id and code."""
    lines = [f"每次停车免费 {gives.parking_minutes} 分钟"] if gives.parking_minutes else []
    lines += [
        f"{RHYTHMS[one.rhythm]} {one.number} 张「{campaigns.get(one.campaign, '优惠券')}」" for one in gives.allowances
    ]
    lines += [f"{stores.get(one.store, one.store)} {one.price_bps / 1_000:g} 折" for one in gives.discounts]
    return [*lines, *(PRIORITIES[one] for one in gives.priorities)]
