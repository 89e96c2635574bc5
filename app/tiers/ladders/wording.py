"""Words for the ladder; edges alone use them."""

ERRORS = {
    "tier_ladder_invalid": "等级体系有误：{problems}",
    "tier_ladder_too_early": "等级体系最早从明天起生效",
    "tier_ladder_conflict": "这一天已有另一套等级体系：先撤回它，或选择别的日期",
    "tier_ladder_in_force": "这套等级体系已经生效，或已被撤回",
}
