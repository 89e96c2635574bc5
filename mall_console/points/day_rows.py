"""The sums that the page of the liability rests on, day by day, with their file."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.insights.points import wording
from app.insights.points.models import PointsDay
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Page
from app.points.earning.extras import Payer
from app.points.earning.wording import PAYERS
from app.points.proof.ways import Way
from app.points.proof.wording import WAYS
from app.web import filters
from mall_console.kit.listing import cells, columns, narrowing, views
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_days", __name__, url_prefix="/points/liability/days", template_folder="templates")

_ROW: tuple[Any, ...] = (PointsDay.day, PointsDay.way, PointsDay.source, PointsDay.payer)


def _read(workspace: Workspace, wanted: Wanted) -> Page[PointsDay]:
    return keyset.scalars(select(PointsDay).where(*wanted.where), wanted.order, wanted.asked)


def _payer(row: PointsDay) -> str:
    return PAYERS[Payer(row.payer)] if row.payer else ""


def _sums(sums: Sequence[int]) -> list[tuple[str, str]]:
    return [("合计", f"{filters.signed(sums[0])} 积分")]


POINTS_DAYS: Listing[PointsDay] = Listing(
    name="points_days",
    title="积分日汇总",
    permission="points.watch",
    table=PointsDay,
    scope=lambda workspace: [workspace.condition("points.watch", PointsDay.mall_id)],
    read=_read,
    columns=(
        Column(key="day", head="日期", cell=lambda _, row: cells.day(row.day), sort="day", is_fixed=True),
        columns.text("way", "去向", lambda row: WAYS[Way(row.way)]),
        columns.text("source", "来源", lambda row: wording.source_name(row.source)),
        columns.text("payer", "承担方", _payer),
        columns.signed("points", "积分", lambda row: row.points),
        columns.count("entries", "笔数", lambda row: row.entries),
    ),
    filters=(
        Days("day", "日期", PointsDay.day, is_date=True),
        Choice("way", "去向", {way.value: words for way, words in WAYS.items()}, lambda code: PointsDay.way == code),
        narrowing.Choice(
            "payer",
            "承担方",
            {payer.value: words for payer, words in PAYERS.items()},
            lambda code: PointsDay.payer == code,
        ),
    ),
    sorts=both_ways("day", "日期从近到远", "日期从远到近", *_ROW),
    noun="行",
    amounts=(PointsDay.points,),
    sums=_sums,
    icon="points",
    nothing="还没有汇总",
    hint="每天凌晨汇总前一天的积分。",
)


@blueprint.get("")
@mall_required("points.watch")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's sums, the latest first."""
    return views.page(POINTS_DAYS, workspace, "points_days")
