"""Words for targets; edges alone use them."""

from app.lifecycle.targets.targets import Transition

ERRORS = {
    "stage_targets_too_early": "转化目标最早从明天起生效",
    "stage_targets_conflict": "这一天已有另一版转化目标：先撤回它，或选择别的日期",
    "stage_targets_in_force": "这一版转化目标已经生效，或已被撤回",
}

TRANSITIONS = {
    Transition.JOIN.value: "访客入会",
    Transition.FIRST.value: "新会员首购",
    Transition.REPEAT.value: "首购后复购",
    Transition.HIGH.value: "复购升为高价值",
    Transition.BACK.value: "风险会员回流",
}

# Of whom the share is, once their days are over.
BASES = {
    Transition.JOIN.value: "期满的新访客",
    Transition.FIRST.value: "期满的新入会会员",
    Transition.REPEAT.value: "期满的新已购会员",
    Transition.HIGH.value: "期满的新活跃会员",
    Transition.BACK.value: "期满的风险会员",
}

ACTIONS = {
    "stage_targets.publish": "新增转化目标",
    "stage_targets.withdraw": "撤回转化目标",
}

SUBJECTS = {
    "stage_targets.": "转化目标",
}

NOUNS = {
    "stage_targets": "转化目标",
}

FACTS = {
    "targets": "目标",
}
