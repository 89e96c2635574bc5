"""Words for cases; edges alone use them. What a kind of case asks stands in the wording of whoever raises it."""

from app.cases.models import SETTLED_ITSELF, Status, Step

STATUSES = {
    Status.WAITING.value: "待领取",
    Status.TAKEN.value: "处理中",
    Status.ANSWERED.value: "已办结",
}

STEPS = {
    Step.RAISED.value: "创建待办",
    Step.TAKEN.value: "领取",
    Step.HANDED_ON.value: "转交",
    Step.ANSWERED.value: "办结",
    Step.REOPENED.value: "重新打开",
}

SETTLED = {SETTLED_ITSELF: "已自行恢复"}

ERRORS = {
    "case_taken": "{owner}已经领取了这件待办",
    "case_answered": "这件待办已经办结，请刷新后查看",
    "case_not_taken": "请先领取，再给出处理结果",
    "case_not_answered": "这件待办还没有办结，不需要重新打开",
    "case_open_again": "同一件事已有新的待办，请到新的待办里处理",
    "case_outcome_unknown": "请选择一个处理结果",
    "case_nobody_to_hand_to": "请选择本组的一位同事",
}

ACTIONS = {
    "case.take": "领取待办",
    "case.answer": "办结待办",
    "case.hand_on": "转交待办",
    "case.reopen": "重新打开待办",
}

SUBJECTS = {"case.": "待办"}

NOUNS = {"case": "待办"}

FACTS = {
    "case.outcome": "结果",
    "case.role": "转给",
    "case.person": "转给",
}
