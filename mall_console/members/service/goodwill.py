"""What the mall may give away in points each month: what is left, every version of the budget, and the next one."""

from datetime import datetime
from functools import partial

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.care import budgets
from app.care.models import GoodwillBudget
from app.kernel import clock
from app.web.forms import fields
from mall_console.kit import versions
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_goodwill", __name__, url_prefix="/points/goodwill")

EDIT = "goodwill.manage"
SETTING = Setting(
    kind="goodwill_budget",
    publish_action="goodwill.publish",
    withdraw_action="goodwill.withdraw",
    path="/points/goodwill",
)


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

    def act(now: datetime) -> GoodwillBudget:
        by, day = workspace.who.name, form.effective_from
        return budgets.publish(mall_id, form.points, effective_from=day, by=by, now=now)

    said = f"自 {{}} 起，每月补偿预算 {form.points:,} 积分"
    return SETTING.publish(workspace, form.typed(), act, facts=_facts, said=said)


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a budget whose day has not come."""
    verb = partial(budgets.withdraw, workspace.mall.id)
    return SETTING.withdraw(workspace, version_id, verb, facts=_facts, said="自 {} 起的补偿预算已撤回")


def _facts(version: GoodwillBudget) -> dict[str, object]:
    return {"points": version.points}
