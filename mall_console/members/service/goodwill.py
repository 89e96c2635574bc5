"""What the mall may give away in points each month: what is left, every version of the budget, and the next one."""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.care import budgets
from app.kernel import clock
from app.web.forms import fields
from mall_console.kit import versions
from mall_console.kit.versions import Changed
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_goodwill", __name__, url_prefix="/points/goodwill")

EDIT = "goodwill.manage"


class BudgetForm(versions.NewVersion):
    """So many points a month."""

    points = fields.Whole("每月预算", most=100_000_000, unit="积分", hint="填 0 表示每笔补偿都须审批")


@blueprint.get("")
@mall_required("goodwill.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """This month's budget and what is left of it, every version, and the form for the next one."""
    now = clock.now()
    today = clock.business_date(now)
    return render_template(
        "console/points_goodwill.html",
        budget=budgets.get(workspace.mall.id, now=now),
        month=clock.first_of_month(today),
        listed=versions.listed(budgets.list_versions(workspace.mall.id), now=today, begun=today),
        form=BudgetForm,
        may_set=workspace.can(EDIT),
    )


@blueprint.post("")
@mall_required(EDIT)
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let a budget hold from a coming day on."""
    form, mall_id = BudgetForm.read(), workspace.mall.id

    def change(now: datetime) -> Changed:
        version = budgets.publish(
            mall_id, form.points, effective_from=form.effective_from, by=workspace.who.name, now=now
        )
        return Changed(
            subject=f"goodwill_budget:{version.id}",
            day=version.effective_from,
            facts={"points": version.points},
            said=f"自 {version.effective_from} 起，每月补偿预算 {version.points:,} 积分",
            is_change=version.is_new,
        )

    return versions.submit(workspace, "goodwill.publish", form.typed(), change, back=_list(workspace))


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a budget whose day has not come."""
    mall_id = workspace.mall.id

    def change(now: datetime) -> Changed:
        gone = budgets.withdraw(mall_id, version_id, now=now)
        return Changed(
            subject=f"goodwill_budget:{version_id}",
            day=gone.effective_from,
            facts={"points": gone.points},
            said=f"自 {gone.effective_from} 起的补偿预算已撤回",
        )

    return versions.submit(workspace, "goodwill.withdraw", {"version": version_id}, change, back=_list(workspace))


def _list(workspace: Workspace) -> str:
    return f"{workspace.base}/points/goodwill"
