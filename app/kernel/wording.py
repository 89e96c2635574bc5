"""Words for what any part may say; edges alone use them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.kernel.platforms.refusals import GATE, MINI, OFFICIAL, PAY, SMS, WECOM

ERRORS = {
    "invalid_request": "请求内容有误，请检查后重试",
    "not_found": "未找到对应的内容",
    "forbidden": "您没有权限进行此操作",
    "busy": "系统正忙，请稍后重试",
    "throttled": "操作过于频繁，请 {wait}后再试",
    "idempotency_conflict": "刚才已提交过一次，内容与这次不同。请先核对结果，确需再提交请重试",
    "bad_cursor": "翻页位置已失效，请从第一页重新打开",
    "platform_unavailable": "{service}暂时没有响应，请稍后重试",
}

FACTS = {
    "amount_fen": "金额",
    "effective_from": "生效",
    "kind": "类型",
    "name": "名称",
    "before": "原名",
    "title": "名称",
    "code": "编号",
    "day": "日期",
    "note": "备注",
    "points": "积分",
    "reason": "原因",
    "receipt_no": "小票号",
}

_HOUR_S = 3_600


def tell_wait(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A refusal's facts with how long to wait: `30 秒`, `5 分钟`, `2 小时`; a wait that is not known is a moment."""
    seconds = facts.get("retry_after_s", 1)
    if seconds > 2 * _HOUR_S:
        wait = f"{-(-seconds // _HOUR_S)} 小时"
    else:
        wait = f"{-(-seconds // 60)} 分钟" if seconds > 120 else f"{seconds} 秒"
    return {**facts, "wait": wait}


# What people call the system of others that did not answer; without its name it is ours that is busy.
_SERVICES = {
    MINI: "微信服务",
    OFFICIAL: "微信服务",
    WECOM: "企业微信",
    PAY: "微信支付",
    SMS: "短信服务",
    GATE: "停车系统",
}


def _tell_service(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "service": _SERVICES.get(facts.get("platform", ""), "系统")}


# What people are told of a refusal's facts, where they are not shown as they are.
TOLD = {"throttled": tell_wait, "platform_unavailable": _tell_service}

# Why a ledger moved.
REASONS = {
    "note": "{text}",
}


def month_name(month: int) -> str:
    """`10 月`: a month of any year."""
    return f"{month} 月"


def month_text(day: date) -> str:
    """`2026 年 10 月`: the month that holds the day."""
    return f"{day.year} 年 {day.month} 月"


def day_text(day: date) -> str:
    """`2026 年 10 月 5 日`."""
    return f"{month_text(day)} {day.day} 日"


def short_day_text(day: date) -> str:
    """`10 月 5 日`, where the year goes without saying."""
    return f"{day.month} 月 {day.day} 日"
