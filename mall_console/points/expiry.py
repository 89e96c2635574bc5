"""How long points are good: the policy in force, every version of it, and the form for the next one.

As points are good in every mall of the group, the policy is the group's, like what points buy.
"""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import DomainError
from app.points.expiry import policies, rules, wording
from app.points.expiry.models import ExpiryPolicy, Until
from app.points.expiry.rules import Policy
from app.web.forms import fields
from mall_console.kit import everywhere, versions
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_expiry", __name__, url_prefix="/points/expiry", template_folder="templates")

EDIT = "points_expiry.manage"
SETTING = Setting(
    kind="points_expiry",
    publish_action="points_expiry.publish",
    withdraw_action="points_expiry.withdraw",
    path="/points/expiry",
)


class ExpiryShared(DomainError):
    """The policy holds in malls that the person does not keep."""

    kind = "forbidden"
    code = "points_expiry_shared"


class ExpiryForm(versions.NewVersion):
    """How long points are good that are earned from a day on."""

    until = fields.Choice("到期方式", {until.value: words for until, words in wording.UNTIL.items()})
    months = fields.If(
        until,
        Until.MONTHS.value,
        fields.Whole("有效月数", least=rules.LEAST_MONTHS, most=rules.MOST_MONTHS, unit="个月"),
    )
    grace_days = fields.Whole("退还宽限", most=rules.MOST_GRACE_DAYS, unit="天", hint="填 0 表示不宽限")
    notice_days = fields.Whole("提前提醒", least=rules.LEAST_NOTICE_DAYS, most=rules.MOST_NOTICE_DAYS, unit="天")

    @property
    def policy(self) -> Policy:
        """The policy that was asked for."""
        return Policy(Until(self.until), self.months, self.grace_days, self.notice_days)


@blueprint.get("")
@mall_required("points_expiry.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """How long points are good that are earned today, what is to come, every version, and the form for the next."""
    today = clock.business_date(clock.now())
    policy = policies.in_force(today)
    return render_template(
        "console/points_expiry.html",
        policy=policy,
        last_day=policy.end_of(today),
        coming=policies.find_coming(today=today),
        **versions.history(policies.list_versions(), now=today, default=rules.DEFAULT),
        read=policies.to_policy,
        words=wording,
        form=ExpiryForm,
        may_set=workspace.can(EDIT) and everywhere.may(workspace, EDIT),
    )


@blueprint.post("")
@mall_required(EDIT)
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let a policy hold from a coming day on."""
    everywhere.ensure(workspace, EDIT, ExpiryShared())
    form = ExpiryForm.read()

    def act(now: datetime) -> ExpiryPolicy:
        return policies.publish(form.policy, effective_from=form.effective_from, by=workspace.who.name, now=now)

    said = f"自 {{}} 起获得的积分，{wording.until_line(form.policy)}"
    return SETTING.publish(workspace, form.typed(), act, facts=_facts, said=said)


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a policy whose day has not come."""
    everywhere.ensure(workspace, EDIT, ExpiryShared())
    return SETTING.withdraw(workspace, version_id, policies.withdraw, facts=_facts, said="自 {} 起的有效期已撤回")


def _facts(version: ExpiryPolicy) -> dict[str, object]:
    facts = {name: getattr(version, name) for name in ("until", "months", "grace_days", "notice_days")}
    return {name: value for name, value in facts.items() if value is not None}
