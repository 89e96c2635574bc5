"""How often and when members may be touched: the rule in force, every version of it, and another one from a day on.

Touches are counted per member over the whole group, so the rule is the group's: every mall sees it, and it is set by
whoever keeps all malls.
"""

from datetime import date, timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access.scopes import Place
from app.kernel import clock
from app.kernel.errors import DomainError
from app.malls import queries as malls
from app.outreach.messages.kinds import KINDS
from app.outreach.touch_rules import policy, rules
from app.outreach.touch_rules.rules import Policy
from app.web.pages import pages
from mall_console.kit import forms
from mall_console.kit.desk import Desk, at_desk

blueprint = Blueprint("touch_rules", __name__, url_prefix="/messages/rules", template_folder="templates")


class TouchRuleShared(DomainError):
    """The rule holds in malls that the person does not keep."""

    kind = "forbidden"
    code = "touch_rule_shared"


@blueprint.get("")
@at_desk("message.view")
def page(desk: Desk) -> ResponseReturnValue:
    """The rule in force and its history, with the form for the next one for who may set it."""
    now = clock.now()
    versions, version = policy.list_versions(), policy.find_version(now)
    in_force = policy.at(now)
    return render_template(
        "console/touch_rules.html", versions=[(row, policy.to_policy(row)) for row in versions], default=policy.DEFAULT,
        in_force=in_force, in_force_id=version.id if version else None, quiet_spans=_quiet_spans(in_force), now=now,
        tomorrow=forms.today() + timedelta(days=1), may_set=_keeps_all(desk), kinds=KINDS.values(),
        is_looser=rules.is_looser, spoken=_spoken, time_of=_time_of, window_of=_window_of,
    )  # fmt: skip


@blueprint.post("")
@at_desk("message.manage")
def publish(desk: Desk) -> ResponseReturnValue:
    """Another rule from a coming day on; what was sent before it stays as it was."""
    if not _keeps_all(desk):
        raise TouchRuleShared
    wanted, day = _read(), forms.day("effective_from", "生效日期")
    if day <= forms.today():
        raise forms.FieldInvalid(label="生效日期", problem="最早从明天开始")
    typed = _facts(wanted, day)

    def act() -> str:
        now = clock.now()
        row = policy.publish(wanted, effective_from=clock.start_of_day(day), by=desk.who.name, now=now)
        desk.record("message.set_rule", f"outreach_policy:{row.id}", now=now, facts=typed)
        pages.say(f"新的触达规则将自 {day} 起生效")
        return f"{desk.base}/messages/rules"

    return pages.submit(desk.who, typed, act)


@blueprint.post("/<int:version_id>/withdraw")
@at_desk("message.manage")
def withdraw(desk: Desk, version_id: int) -> ResponseReturnValue:
    """Take back a rule whose day has not come."""
    if not _keeps_all(desk):
        raise TouchRuleShared

    def act() -> str:
        now = clock.now()
        gone = policy.withdraw(version_id, now=now)
        day = clock.business_date(gone.effective_from)
        facts = _facts(policy.to_policy(gone), day)
        desk.record("message.withdraw_rule", f"outreach_policy:{version_id}", now=now, facts=facts)
        pages.say(f"自 {day} 起的触达规则已撤回")
        return f"{desk.base}/messages/rules"

    return pages.submit(desk.who, {"version": version_id}, act)


def _facts(wanted: Policy, day: date) -> dict[str, object]:
    """A rule for the audit log."""
    return {
        "effective_from": day.isoformat(),
        "marketing_cap": wanted.marketing_cap,
        "window_days": wanted.window.days,
        "quiet": _spoken(wanted),
    }


def _read() -> Policy:
    """The rule of the form; raises FieldInvalid."""
    window = timedelta(days=forms.whole("window_days", "统计天数", least=1, most=rules.LONGEST_WINDOW.days))
    wanted = Policy(
        marketing_cap=forms.whole("marketing_cap", "营销消息上限"),
        window=window,
        quiet_from_minute=forms.minute_of_day("quiet_from", "静默开始"),
        quiet_until_minute=forms.minute_of_day("quiet_until", "静默结束"),
    )
    if wanted.marketing_cap > rules.most_in(window):
        problem = f"{window.days} 天内最多 {rules.most_in(window)} 条，平均每天不超过 1 条"
        raise forms.FieldInvalid(label="营销消息上限", problem=problem)
    if not 0 < wanted.quiet_minutes <= rules.MOST_QUIET_MINUTES:
        hours = rules.MOST_QUIET_MINUTES // 60
        raise forms.FieldInvalid(label="静默时段", problem=f"开始和结束不能相同，最长 {hours} 小时")
    return wanted


def _keeps_all(desk: Desk) -> bool:
    scope = desk.who.scope
    return all(scope.permits("message.manage", Place(mall_id=mall.id)) for mall in malls.list_malls())


def _window_of(wanted: Policy) -> str:
    """The window in words; the console sets whole days."""
    hours = wanted.window // timedelta(hours=1)
    return f"{hours // 24} 天" if hours % 24 == 0 else f"{hours} 小时"


def _time_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _spoken(wanted: Policy) -> str:
    """The quiet hours in words."""
    if not wanted.quiet_minutes:
        return "无"
    next_day = "次日 " if wanted.quiet_until_minute < wanted.quiet_from_minute else ""
    return f"{_time_of(wanted.quiet_from_minute)} 至{next_day or ' '}{_time_of(wanted.quiet_until_minute)}"


def _quiet_spans(wanted: Policy) -> list[tuple[int, int]]:
    """The quiet parts of one day, each as (first minute, how many minutes)."""
    start, end = wanted.quiet_from_minute, wanted.quiet_until_minute
    if start <= end:
        return [(start, end - start)] if end > start else []
    return [(0, end), (start, rules.DAY_MINUTES - start)]
