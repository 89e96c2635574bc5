"""Words for growth; edges alone use them."""

from app.tiers.growth.rule_sets import Rules

ERRORS = {
    "growth_rules_invalid": "成长值规则的数值过大或过小",
    "growth_rules_too_early": "成长值规则最早从明天起生效",
    "growth_rules_conflict": "这一天已有另一套成长值规则：先撤回它，或选择别的日期",
    "growth_rules_in_force": "这套成长值规则已经生效，或已被撤回",
}

REASONS = {
    "growth_spend": "在{store}消费 {yuan} 元，每元 {rate} 成长值",
    "growth_visit": "{day} 到店",
    "growth_interaction": "{day} 互动 {times} 次",
}

ACTIONS = {
    "tier.publish_growth": "发布成长值规则",
    "tier.withdraw_growth": "撤回成长值规则",
}

NOUNS = {"growth_rules": "成长值规则"}

FACTS = {"tier.rules": "规则"}


def friend_line(rules: Rules) -> str:
    """What friends who come give, where it is told elsewhere what counts as coming."""
    return f"每位得 {rules.invitation_growth} 成长值，每天最多计 {rules.invitations_a_day} 位。"


def say(rules: Rules, *, friend_when: str) -> list[str]:
    """What gives growth, a sentence for each thing that gives any.

    `friend_when`: from when on an invited friend counts, by rules of invitations, as their wording says it.
    """
    lines = [
        (rules.spend_bps, f"每消费 1 元得 {rules.spend_bps / 10_000:g} 成长值，退货时相应扣回。"),
        (rules.join_growth, f"加入会员得 {rules.join_growth} 成长值。"),
        (rules.task_growth, f"每完成一项新人任务得 {rules.task_growth} 成长值。"),
        (rules.visit_growth, f"到店得 {rules.visit_growth} 成长值，每天一次。"),
        (
            rules.interaction_growth,
            f"扫码、领券、浏览等互动每次得 {rules.interaction_growth} 成长值，每天最多 {rules.interactions_a_day} 次。",
        ),
        (
            rules.invitation_growth,
            f"邀请的好友{friend_when}，{friend_line(rules)}",
        ),
    ]
    return [line for value, line in lines if value]
