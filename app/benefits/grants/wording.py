"""Words for what triggers grant; edges alone use them."""

from app.benefits.grants import grants

# Title and explanation.
TRIGGERS = {
    grants.JOIN: ("入会礼", "加入会员时立即发放，按顺序逐个发，领完的自动跳过。"),
    grants.FIRST_ORDER_TASK: ("首单券（新人任务）", "新人任务中任选一张，按这里的顺序展示给会员。"),
}

ACTIONS = {
    "campaign.set_grants": "修改发放规则",
}

NOUNS = {
    "trigger": "发放规则",
}

FACTS = {
    "trigger": "触发",
    "order": "顺序",
}

VALUES = {"campaign.trigger": {name: title for name, (title, _) in TRIGGERS.items()}}
