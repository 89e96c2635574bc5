"""Cohorts: of those who joined in a month, how many came back and how many bought, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.insights.monthly import cohorts
from app.insights.monthly.models import CohortMonth
from app.kernel.money import Share
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import tables
from mall_console.lifecycle.figures import months

blueprint = Blueprint("cohorts", __name__, url_prefix="/lifecycle/cohorts", template_folder="templates")

BY = {"visit": "到店", "purchase": "消费"}
_MOST = 18
# From which share on a cell is drawn in the next stronger colour.
_STEPS_BPS = (500, 1_000, 2_000, 3_500, 5_000, 7_000)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many of a cohort were there in a month; `is_open` while the month goes on."""

    count: int
    share: Share
    is_open: bool

    @property
    def strength(self) -> int:
        return sum(map(self.share.reaches, _STEPS_BPS))


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who joined in a month, and the months since, as far as they have begun."""

    month: date
    members: int
    cells: Sequence[Cell]


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The cohorts by `?by=visit` or `purchase`; as CSV, with both, with `?export=csv`."""
    counted = months.list_counted(workspace.mall.id)
    rows = cohorts.list_months(workspace.mall.id)
    if request.args.get("export") == "csv":
        return _as_csv(workspace, rows)
    if not counted or not rows:
        return render_template("console/months_none.html", title="留存")
    by = request.args.get("by", "")
    by = by if by in BY else "visit"
    found = _cohorts(rows, by, latest=counted[0])
    return render_template(
        "console/stage_cohorts.html",
        cohorts=found,
        averages=_averages(found),
        by=by,
        choices=BY,
        after=cohorts.AFTER,
        last=counted[0].last,
    )


def _cohorts(rows: Sequence[CohortMonth], by: str, *, latest: months.Month) -> list[Cohort]:
    found: dict[date, list[CohortMonth]] = {}
    for row in rows:
        found.setdefault(row.joined_month, []).append(row)
    return [
        Cohort(month, own[0].members, [_cell(row, by, latest) for row in own])
        for month, own in list(found.items())[:_MOST]
    ]


def _cell(row: CohortMonth, by: str, latest: months.Month) -> Cell:
    count = row.visitors if by == "visit" else row.buyers
    number = (latest.first.year - row.joined_month.year) * 12 + latest.first.month - row.joined_month.month
    is_open = row.month_no == number and not latest.is_whole
    return Cell(count, Share(count, row.members), is_open)


def _averages(found: Sequence[Cohort]) -> list[Share | None]:
    """By month since joining: the share over all cohorts for whom that month is over; None where there is none."""
    averages: list[Share | None] = []
    for number in range(cohorts.AFTER + 1):
        over = [one for one in found if len(one.cells) > number and not one.cells[number].is_open]
        members = sum(one.members for one in over)
        count = sum(one.cells[number].count for one in over)
        averages.append(Share.of(count, members))
    return averages


def _as_csv(workspace: Workspace, rows: Sequence[CohortMonth]) -> ResponseReturnValue:
    lines: list[Any] = [
        (
            f"{row.joined_month:%Y-%m}",
            row.members,
            row.month_no,
            row.visitors,
            tables.percent(Share.of(row.visitors, row.members)),
            row.buyers,
            tables.percent(Share.of(row.buyers, row.members)),
        )
        for row in rows
    ]
    heads = ("入会月份", "入会人数", "第几个月", "到店人数", "到店留存", "消费人数", "消费留存")
    return tables.send_csv(workspace, "入会留存", about="按月", heads=heads, rows=lines)
