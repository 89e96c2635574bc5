"""What a mall asks of payments with points in its stores: in force, every version, and the form for the next one."""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.points.till import till_rules
from app.points.till.models import TillRules
from app.points.till.rules import TillTerms
from app.web.forms import fields
from mall_console.kit import versions
from mall_console.kit.versions import Changed
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_till", __name__, url_prefix="/points/till", template_folder="templates")


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
    found = till_rules.list_versions(workspace.mall.id)
    return render_template(
        "console/points_till.html",
        terms=till_rules.in_force(workspace.mall.id, today),
        listed=versions.listed(found, now=today, begun=today),
        default=till_rules.DEFAULT,
        default_standing=versions.REPLACED if any(one.effective_from <= today for one in found) else versions.IN_FORCE,
        form=TillForm,
        may_set=workspace.can("points_till.manage"),
    )


@blueprint.post("")
@mall_required("points_till.manage")
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let rules hold from a coming day on."""
    form = TillForm.read()

    def change(now: datetime) -> Changed:
        by = workspace.who.name
        version = till_rules.publish(workspace.mall.id, form.terms, effective_from=form.effective_from, by=by, now=now)
        said = f"门店积分付款的新规则将自 {form.effective_from} 起生效"
        return _changed(version, said, is_change=version.is_new)

    return versions.submit(workspace, "points_till.publish", form.typed(), change, back=_list(workspace))


@blueprint.post("/<int:version_id>/withdraw")
@mall_required("points_till.manage")
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back rules whose day has not come."""

    def change(now: datetime) -> Changed:
        gone = till_rules.withdraw(workspace.mall.id, version_id, now=now)
        return _changed(gone, f"自 {gone.effective_from} 起的规则已撤回")

    return versions.submit(workspace, "points_till.withdraw", {"version": version_id}, change, back=_list(workspace))


def _changed(version: TillRules, said: str, *, is_change: bool = True) -> Changed:
    return Changed(
        subject=f"points_till_rules:{version.id}",
        day=version.effective_from,
        facts={"code_limit_points": version.code_limit_points, "wait_minutes": version.wait_minutes},
        said=said,
        is_change=is_change,
    )


def _list(workspace: Workspace) -> str:
    return f"{workspace.base}/points/till"
