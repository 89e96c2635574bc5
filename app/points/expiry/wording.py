"""Words for how long points are good; edges alone use them."""

from datetime import date

from app.kernel.wording import day_text
from app.points.expiry import policies
from app.points.expiry.models import ExpiryPolicy, Until
from app.points.expiry.rules import Policy

ERRORS = {
    "points_expiry_too_early": "积分有效期最早从明天起生效",
    "points_expiry_out_of_range": "积分有效期的设置超出了允许的范围",
    "points_expiry_conflict": "这一天已有另一版有效期，请换一天或先撤回",
    "points_expiry_in_force": "该版有效期已经生效或已被撤回",
}

ACTIONS = {
    "points_expiry.publish": "发布积分有效期",
    "points_expiry.withdraw": "撤回积分有效期",
}
SUBJECTS = {"points_expiry.": "积分有效期"}
NOUNS = {"points_expiry": "积分有效期"}

UNTIL = {
    Until.END_OF_NEXT_YEAR: "获得次年的年底到期",
    Until.MONTHS: "获得后若干个月到期",
    Until.NEVER: "长期有效",
}
FACTS = {"until": "到期方式", "months": "有效月数", "grace_days": "退还宽限天数", "notice_days": "提前提醒天数"}
VALUES = {"points_expiry.until": {until.value: words for until, words in UNTIL.items()}}


def until_line(policy: Policy) -> str:
    """`获得后 12 个月到期`."""
    return f"获得后 {policy.months} 个月到期" if policy.until is Until.MONTHS else UNTIL[policy.until]


def grace_line(policy: Policy) -> str:
    """`退还时已过期的，宽限 30 天`."""
    return f"退还时已过期的，宽限 {policy.grace_days} 天" if policy.grace_days else "退还时已过期的，不再恢复"


def returned_line(late_points: int, until: date | None, *, of_points: int) -> str:
    """`其中 1,000 积分退还时已到期，宽限至 2026 年 12 月 30 日`; without a day they are gone."""
    which = "" if late_points == of_points else f"其中 {late_points:,} 积分"
    return f"{which}退还时已到期，{f'宽限至 {day_text(until)}' if until else '不再恢复'}"


def say(policy: Policy, *, coming: ExpiryPolicy | None) -> list[str]:
    """How long points are good, in plain sentences, as members read them; with the change that is to come."""
    lines = [f"积分{until_line(policy)}，先到期的先使用。"]
    if policy.grace_days and policy.until is not Until.NEVER:
        lines.append(f"用积分支付后退还的积分，如已过期，自退还之日起 {policy.grace_days} 天内仍可使用。")
    if coming is not None:
        until = until_line(policies.to_policy(coming))
        lines.append(f"自 {day_text(coming.effective_from)}起获得的积分，{until}；此前获得的不变。")
    return lines
