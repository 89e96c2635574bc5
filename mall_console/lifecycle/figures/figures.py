"""The measures of each stage in a month, beside those of the month before."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.insights.monthly import queries, wording
from app.insights.monthly.measures import JOIN_RATE, Aim
from app.kernel.errors import NotFound
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import tables
from mall_console.lifecycle.figures import months, telling
from mall_console.lifecycle.figures.months import Month
from mall_console.lifecycle.figures.telling import Told

blueprint = Blueprint("figures", __name__, url_prefix="/lifecycle/figures", template_folder="templates")


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """All measures of a month; as CSV with `?export=csv`, which has no other month than the one that was named."""
    counted = months.list_counted(workspace.mall.id)
    if not counted:
        return render_template("console/months_none.html", title="指标")
    month = months.chosen(counted)
    kept = queries.list_measures(workspace.mall.id, [month.first, month.before])
    told = telling.of_stages(kept, month.first, month.before)
    notice = months.notice(month)
    if request.args.get("export") == "csv":
        if notice:
            raise NotFound(month=request.args["month"])
        return _as_csv(workspace, month, told)
    return render_template(
        "console/stage_figures.html",
        months=counted,
        month=month,
        notice=notice,
        told=told,
        aims=wording.AIMS,
        purposes=wording.PURPOSES,
        rows_of=lambda one: _rows_of(workspace, month, one),
    )


def _rows_of(workspace: Workspace, month: Month, one: Told) -> str:
    """Where the rows behind a measure are."""
    if one.code == JOIN_RATE:
        return f"{workspace.base}/entrances/scans?day_from={month.first}&day_to={month.last}"
    return f"{workspace.base}/lifecycle/figures/members/{one.code}_{month.key}"


def _as_csv(workspace: Workspace, month: Month, told: dict[Aim, list[Told]]) -> ResponseReturnValue:
    rows: list[Any] = [
        (
            wording.AIMS[aim.value],
            one.name,
            one.text,
            one.text_before,
            one.change,
            one.figure.members or None,
            one.figure.reached if one.figure.members else None,
            one.reason or one.meaning,
        )
        for aim, found in told.items()
        for one in found
    ]
    heads = ("分层", "指标", "本月", "上月", "变化", "统计人数", "符合人数", "口径")
    return tables.send_csv(workspace, "分层指标", about=month.key, heads=heads, rows=rows)
