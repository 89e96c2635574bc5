"""Words for the rules of the lifecycle; edges alone use them."""

ERRORS = {
    "lifecycle_rules_not_sensible": "分层规则的数值互相矛盾",
    "lifecycle_rules_too_early": "分层规则最早从明天起生效",
    "lifecycle_rules_conflict": "这一天已有另一套分层规则：先撤回它，或选择别的日期",
    "lifecycle_rules_in_force": "这套分层规则已经生效，或已被撤回",
}
