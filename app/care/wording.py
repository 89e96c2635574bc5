"""Words for what staff do for members by hand; edges alone use them."""

from collections.abc import Mapping
from typing import Any

from app.care import rules

ERRORS = {
    "care_limit_reached": "{span}最多赠送 {limit} 张券，已达上限；确有需要请转交负责人",
    "care_second_person_needed": "这是 {asked_by} 提交的申请，请由另一位有权限的同事审批",
    "care_request_decided": "该申请已有结果，或会员已退会",
    "goodwill_budget_too_early": "补偿预算最早从明天起生效",
    "goodwill_budget_conflict": "这一天已有另一版补偿预算，请换一天或先撤回",
    "goodwill_budget_in_force": "该版补偿预算已经生效或已被撤回",
    "own_membership": "这是您本人的会员账号，请由同事办理",
}

_SPANS = {"member": "同一会员 30 天内", "person": "每人每天"}


def _tell_limit(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"span": _SPANS[facts["whose"]], "limit": f"{facts['limit']:,}"}


TOLD = {"care_limit_reached": _tell_limit}

# Why, as the form offers it and as the member reads it in their points.
WHY = dict(zip(rules.REASONS, ("服务补偿", "漏记补登", "错发更正", "会员关怀"), strict=True))

REASONS = {f"care_{code}": words for code, words in WHY.items()}

ACTIONS = {
    "care.give_coupon": "赠送优惠券",
    "care.adjust_points": "调整会员积分",
    "care.ask_points": "申请调整会员积分",
    "care.points_approved": "同意调整会员积分",
    "care.points_declined": "驳回积分调整申请",
    "goodwill.publish": "发布补偿预算",
    "goodwill.withdraw": "撤回补偿预算",
    "care.note": "添加会员备注",
    "care.open_case": "为会员建待办",
}

SUBJECTS = {"care.": "会员服务", "goodwill.": "补偿预算"}

NOUNS = {"member_note": "会员备注", "goodwill_budget": "补偿预算"}

FACTS = {"why": "原因", "campaign": "活动", "asked_by": "申请人"}

VALUES = {"care.why": WHY}

REQUEST_STATUSES = {"waiting": "待审批", "approved": "已同意", "declined": "已驳回"}

_OVER = {
    "once": f"超过单次 {rules.MOST_POINTS:,} 积分的限额",
    "member": f"超过同一会员 30 天 {rules.MEMBER_LIMITS.points:,} 积分的限额",
    "person": f"超过每人每天 {rules.PERSON_LIMITS.points:,} 积分的限额",
    "budget": "超出本月补偿预算",
}
_CHANGES = {"give": "增加", "take": "扣减"}

CASES = {
    "points_adjustment": {
        "title": "积分调整审批",
        "reasons": {
            f"{change}_{over}": f"{{asked_by}} 申请{verb} {{points}} 积分，{limit}。"
            for change, verb in _CHANGES.items()
            for over, limit in _OVER.items()
        },
        "ask": "请核对原因和会员的积分明细后决定。申请人本人不能审批；同意后积分即时变动。",
        "outcomes": {"approved": "同意，立即调整", "declined": "驳回"},
    },
    "member_request": {
        "title": "会员诉求",
        "reasons": {"asked": "同事在会员页记下了会员的诉求，请联系会员并处理。"},
        "ask": "先看会员页的备注，再联系会员。",
        "outcomes": {
            "settled": "已处理，会员认可",
            "explained": "已向会员说明，无需处理",
            "unreachable": "多次联系不上会员",
        },
    },
}
