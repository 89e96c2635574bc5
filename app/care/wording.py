"""Words for what staff do for members by hand; edges alone use them."""

from collections.abc import Mapping
from typing import Any

from app.care import rules

ERRORS = {
    "care_limit_reached": "{span}最多{verb} {limit} {unit}，已达上限；确有需要请转交负责人",
    "own_membership": "这是您本人的会员账号，请由同事办理",
}

_SPANS = {"member": "同一会员 30 天内", "person": "每人每天"}
_UNITS = {"coupons": ("赠送", "张券"), "points": ("调整", "积分")}


def _tell_limit(facts: Mapping[str, Any]) -> dict[str, Any]:
    verb, unit = _UNITS[facts["unit"]]
    return {"span": _SPANS[facts["whose"]], "verb": verb, "unit": unit, "limit": f"{facts['limit']:,}"}


TOLD = {"care_limit_reached": _tell_limit}

# Why, as the form offers it and as the member reads it in their points.
WHY = dict(zip(rules.REASONS, ("服务补偿", "漏记补登", "错发更正", "会员关怀"), strict=True))

REASONS = {f"care_{code}": words for code, words in WHY.items()}

ACTIONS = {
    "care.give_coupon": "赠送优惠券",
    "care.adjust_points": "调整会员积分",
    "care.note": "添加会员备注",
    "care.open_case": "为会员建待办",
}

SUBJECTS = {"care.": "会员服务"}

NOUNS = {"member_note": "会员备注"}

FACTS = {"why": "原因", "campaign": "活动"}

VALUES = {"care.why": WHY}

CASES = {
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
