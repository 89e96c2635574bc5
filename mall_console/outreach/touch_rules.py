"""How often and when members may be touched: the rule in force, every version of it, and another one from a day on.

Touches are counted per member over the whole group, so the rule is the group's: every mall sees it, and it is set by
whoever keeps all malls.
"""

from datetime import datetime, timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import DomainError
from app.outreach.messages.known_kinds import KINDS
from app.outreach.touch_rules import policy, rules
from app.outreach.touch_rules.models import OutreachPolicy
from app.outreach.touch_rules.rules import Policy
from app.web.forms import fields, forms
from mall_console.kit import everywhere, versions
from mall_console.kit.versions import Changed
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.outreach import log

blueprint = Blueprint("touch_rules", __name__, url_prefix="/messages/rules", template_folder="templates")


class TouchRuleShared(DomainError):
    """The rule holds in malls that the person does not keep."""

    kind = "forbidden"
    code = "touch_rule_shared"


class RuleForm(versions.NewVersion):
    """Another rule of how often and when members may be touched."""

    window_days = fields.Whole(
        "统计天数", least=1, most=rules.LONGEST_WINDOW.days, unit="天", hint="按连续天数滚动统计"
    )
    marketing_cap = fields.Whole("营销消息上限", unit="条", hint="平均每天不超过 1 条；0 表示不发")
    quiet_from = fields.MinuteOfDay("静默开始")
    quiet_until = fields.MinuteOfDay("静默结束")

    def policy(self) -> Policy:
        """The rule that was typed."""
        return Policy(
            marketing_cap=self.marketing_cap,
            window=timedelta(days=self.window_days),
            quiet_from_minute=self.quiet_from,
            quiet_until_minute=self.quiet_until,
        )

    def check(self) -> None:
        wanted = self.policy()
        most = rules.most_in(wanted.window)
        if wanted.marketing_cap > most:
            raise RuleForm.marketing_cap.refuse(f"{self.window_days} 天内最多 {most} 条，平均每天不超过 1 条")
        if not 0 < wanted.quiet_minutes <= rules.MOST_QUIET_MINUTES:
            problem = f"开始和结束不能相同，最长 {rules.MOST_QUIET_MINUTES // 60} 小时"
            raise forms.FieldInvalid(name="quiet_from", label="静默时段", problem=problem)


@blueprint.get("")
@mall_required("message.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The rule in force and its history, with the form for the next one for who may set it."""
    now = clock.now()
    in_force = policy.at(now)
    return render_template(
        "console/touch_rules.html",
        form=RuleForm,
        **versions.history(policy.list_versions(), now=now, default=policy.DEFAULT),
        in_force=in_force,
        to_policy=policy.to_policy,
        quiet_spans=_quiet_spans(in_force),
        may_set=keeps_all(workspace),
        kinds=KINDS.values(),
        titles=log.KINDS,
        is_looser=rules.is_looser,
        spoken=_spoken,
        time_of=_time_of,
        window_of=_window_of,
    )


@blueprint.post("")
@mall_required("message.manage")
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Another rule from a coming day on; what was sent before it stays as it was."""
    ensure_keeps_all(workspace)
    form = RuleForm.read()

    def change(now: datetime) -> Changed:
        start = clock.start_of_day(form.effective_from)
        version = policy.publish(form.policy(), effective_from=start, by=workspace.who.name, now=now)
        return _changed(version, "新的触达规则将自 {} 起生效", is_change=version.is_new)

    return versions.submit(workspace, "message.set_rule", form.typed(), change, back=f"{workspace.base}/messages/rules")


@blueprint.post("/<int:version_id>/withdraw")
@mall_required("message.manage")
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a rule whose day has not come."""
    ensure_keeps_all(workspace)

    def change(now: datetime) -> Changed:
        return _changed(policy.withdraw(version_id, now=now), "自 {} 起的触达规则已撤回", is_change=True)

    typed = {"version": version_id}
    return versions.submit(workspace, "message.withdraw_rule", typed, change, back=f"{workspace.base}/messages/rules")


def _changed(version: OutreachPolicy, said: str, *, is_change: bool) -> Changed:
    rule, day = policy.to_policy(version), clock.business_date(version.effective_from)
    facts = {"marketing_cap": rule.marketing_cap, "window_days": rule.window.days, "quiet": _spoken(rule)}
    subject = f"outreach_policy:{version.id}"
    return Changed(subject=subject, day=day, facts=facts, said=said.format(day), is_change=is_change)


def ensure_keeps_all(workspace: Workspace) -> None:
    """What holds in all malls is set by whoever keeps them all; raises TouchRuleShared."""
    if not keeps_all(workspace):
        raise TouchRuleShared


def keeps_all(workspace: Workspace) -> bool:
    """Whether the person may manage messages in every mall of the group."""
    return everywhere.may(workspace, "message.manage")


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
