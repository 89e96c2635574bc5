"""What a mall asks of payments with points in its stores: in force, every version, and the form for the next one."""

from datetime import datetime
from functools import partial

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.points.till import till_rules
from app.points.till.models import TillRules
from app.points.till.rules import TillTerms
from app.web.forms import fields
from mall_console.kit import versions
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_till", __name__, url_prefix="/points/till", template_folder="templates")

EDIT = "points_till.manage"
SETTING = Setting(
    kind="points_till_rules",
    publish_action="points_till.publish",
    withdraw_action="points_till.withdraw",
    path="/points/till",
)


class TillForm(versions.NewVersion):
    """Up to how many points a code is consent enough, and how long a member has to confirm more."""

    code_limit = fields.Whole(
        "免确认上限", most=till_rules.MOST_CODE_LIMIT, unit="积分", hint="出示会员码即同意；0 表示每笔都要确认"
    )
    wait_minutes = fields.Whole(
        "确认时限", least=1, most=till_rules.MOST_WAIT_MINUTES, unit="分钟", hint="超时自动取消，积分退回"
    )

    @property
    def terms(self) -> TillTerms:
        """What was typed."""
        return TillTerms(self.code_limit, self.wait_minutes)


@blueprint.get("")
@mall_required("points_till.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The rules in force, every version of them, and the form for the next one."""
    today = clock.business_date(clock.now())
    return render_template(
        "console/points_till.html",
        terms=till_rules.in_force(workspace.mall.id, today),
        **versions.history(till_rules.list_versions(workspace.mall.id), now=today, default=till_rules.DEFAULT),
        form=TillForm,
        may_set=workspace.can(EDIT),
    )


@blueprint.post("")
@mall_required(EDIT)
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let rules hold from a coming day on."""
    form = TillForm.read()

    def act(now: datetime) -> TillRules:
        by = workspace.who.name
        return till_rules.publish(workspace.mall.id, form.terms, effective_from=form.effective_from, by=by, now=now)

    said = "门店积分付款的新规则将自 {} 起生效"
    return SETTING.publish(workspace, form.typed(), act, facts=_facts, said=said)


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back rules whose day has not come."""
    verb = partial(till_rules.withdraw, workspace.mall.id)
    return SETTING.withdraw(workspace, version_id, verb, facts=_facts, said="自 {} 起的规则已撤回")


def _facts(version: TillRules) -> dict[str, object]:
    return {"code_limit_points": version.code_limit_points, "wait_minutes": version.wait_minutes}
