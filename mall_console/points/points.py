"""Points that came to members and left them, as booked for the mall."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, and_, literal_column

from app.identity.models import Member
from app.kernel.lists.keyset import Page
from app.points.earning import documents, wording
from app.points.ledger import entry_queries
from app.points.ledger.models import EntryKind, PointsEntry
from app.web import filters
from app.web.reasons import reason_of
from mall_console.kit.listing import cells, columns, narrowing, views
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Days
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points", __name__, url_prefix="/points", template_folder="templates")

# Said as a constant, so that PostgreSQL knows which rows the index of those that were not earned has.
_NOT_EARNED = PointsEntry.kind != literal_column("'accrue'")
# What points are spent on, by the reason's code.
SOURCES = {"parking": "停车缴费", "till": "门店付款", "exchange": "兑换券"}


def _spent_on(code: str) -> ColumnElement[bool]:
    return and_(_NOT_EARNED, PointsEntry.kind == EntryKind.REDEEM, PointsEntry.reason_code == code)


_WAY = narrowing.states(
    {
        "earned": ("发放", lambda: PointsEntry.kind == EntryKind.ACCRUE),
        "spent": ("使用", lambda: and_(_NOT_EARNED, PointsEntry.kind == EntryKind.REDEEM)),
        "other": ("退还、扣回与过期", lambda: and_(_NOT_EARNED, PointsEntry.kind != EntryKind.REDEEM)),
    },
    name="way",
    label="方向",
    first="全部",
)

_SOURCE = narrowing.states(
    {code: (name, partial(_spent_on, code)) for code, name in SOURCES.items()},
    name="source",
    label="用途",
    first="全部用途",
)


class Moved(NamedTuple):
    """An entry with whose it is."""

    entry: PointsEntry
    member: Member


def _reason(workspace: Workspace, row: Moved) -> Cell:
    """What it was for and, where that is kept, why a purchase earned so many."""
    breakdown = row.entry.breakdown
    told = "" if breakdown is None else wording.explain(documents.to_breakdown(breakdown))
    return Cell(text=reason_of(row.entry), small=told)


def _read(workspace: Workspace, wanted: Wanted) -> Page[Moved]:
    page = entry_queries.list_entries_of_mall(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Moved(*row) for row in page])


def _sums(sums: Sequence[int]) -> list[tuple[str, str]]:
    return [("合计", f"{filters.signed(sums[0])} 积分")]


_KEY = (PointsEntry.member_id, PointsEntry.id)

POINTS: Listing[Moved] = Listing(
    name="points",
    title="积分流水",
    permission="overview.view",
    table=PointsEntry,
    scope=lambda workspace: [workspace.condition("overview.view", PointsEntry.mall_id)],
    read=_read,
    columns=(
        columns.moment("at", "时间", lambda row: row.entry.occurred_at, sort="at", is_fixed=True),
        Column(key="reason", head="说明", cell=_reason, look="wide"),
        columns.member(lambda row: row.member),
        columns.signed("points", "积分", lambda row: row.entry.points, sort="points"),
        columns.count("balance", "变动后余额", lambda row: row.entry.balance_after),
    ),
    filters=(
        Days("day", "日期", PointsEntry.occurred_at),
        _WAY,
        _SOURCE,
        narrowing.store(PointsEntry.store_id),
    ),
    sorts=(
        *both_ways("at", "时间从近到远", "时间从远到近", PointsEntry.occurred_at, *_KEY),
        *both_ways("points", "积分从高到低", "积分从低到高", PointsEntry.points, *_KEY, is_short=True),
    ),
    link=lambda workspace, row: cells.member(workspace, row.member).href,
    noun="笔",
    amounts=(PointsEntry.points,),
    sums=_sums,
    icon="points",
    nothing="没有积分变动",
    hint="会员消费、完成任务或停车抵扣都会记在这里。",
)


@blueprint.get("")
@mall_required("overview.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's entries, the latest first."""
    return views.page(POINTS, workspace, "points")
