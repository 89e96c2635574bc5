"""Words for the ladder; edges alone use them."""

from app.tiers.ladders.rules import AtEnd, Ladder

ERRORS = {
    "tier_ladder_invalid": "等级体系的名称、门槛或有效期不合理，请检查后重新提交",
    "tier_ladder_too_early": "等级体系最早从明天起生效",
    "tier_ladder_conflict": "这一天已有另一套等级体系：先撤回它，或选择别的日期",
    "tier_ladder_in_force": "这套等级体系已经生效，或已被撤回",
}

ACTIONS = {
    "tier.publish_ladder": "发布等级体系",
    "tier.withdraw_ladder": "撤回等级体系",
}

NOUNS = {"tier_ladder": "等级体系"}

FACTS = {"tier.rungs": "等级与门槛", "tier.period": "有效期"}

AT_END = {
    AtEnd.ONE_DOWN.value: "降一级",
    AtEnd.BY_GROWTH.value: "按有效期内成长值重新定级",
    AtEnd.KEPT.value: "保留等级",
}


def period_lines(ladder: Ladder) -> list[str]:
    """How long a tier is kept, and which growth counts, in sentences."""
    months = ladder.period_months
    if months is None:
        return ["成长值长期累计，达到门槛当天升级。", "等级长期有效，不会到期降级。"]
    lines = [
        f"近 {months} 个月的成长值达到门槛，当天升级。",
        f"升级后有效期 {months} 个月，期间再升级则重新计算。",
    ]
    match ladder.at_end:
        case AtEnd.KEPT:
            return [*lines, "到期后自动续期，不会降级。"]
        case AtEnd.ONE_DOWN:
            return [*lines, "到期时，有效期内新增的成长值达到本级门槛即保级，否则降一级。"]
    return [*lines, "到期时，按有效期内新增的成长值重新定级，最高不超过原等级。"]


def rung_lines(ladder: Ladder) -> str:
    """The rungs with their thresholds in one line."""
    return "、".join(f"{rung.name} {rung.threshold:,}" for rung in ladder.rungs)
