"""The list of counted hours."""

from typing import NamedTuple

from sqlalchemy import select

from app.access import wording as access_wording
from app.entrances import footfall_queries, wording
from app.entrances.models import Door, Footfall
from app.kernel.lists.keyset import Page
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Conditions, Days, Search
from mall_console.kit.workspace import Workspace


class Counted(NamedTuple):
    """An hour with its door."""

    row: Footfall
    door: Door


def _read(workspace: Workspace, wanted: Wanted) -> Page[Counted]:
    page = footfall_queries.list_footfall(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Counted(*row) for row in page])


def hour_text(hour: int) -> str:
    """The hour on the mall's clock, from when to when."""
    return f"{hour:02d}:00–{hour + 1:02d}:00"


def _hour(workspace: Workspace, row: Counted) -> Cell:
    return Cell(text=f"{row.row.day.isoformat()} {hour_text(row.row.hour)}")


def _address(workspace: Workspace, row: Counted) -> str:
    return f"{workspace.base}/footfall/doors/{row.door.id}" if workspace.can("entrance.manage") else ""


def _door(workspace: Workspace, row: Counted) -> Cell:
    small = row.door.code if row.door.code != row.door.name else ""
    return cells.text(row.door.name, small=small, href=_address(workspace, row))


def _of_door(workspace: Workspace, words: str) -> Conditions:
    named = narrowing.contains(Door.name, Door.code)(workspace, words)
    return [Footfall.door_id.in_(select(Door.id).where(Door.mall_id == workspace.mall.id, *named))]


FOOTFALL: Listing[Counted] = Listing(
    name="footfall",
    title="客流",
    permission="entrance.view",
    table=Footfall,
    scope=lambda workspace: [workspace.condition("entrance.view", Footfall.mall_id)],
    read=_read,
    columns=(
        Column(key="hour", head="时段", cell=_hour, look="num nowrap", sort="hour", is_fixed=True),
        Column(key="door", head="大门", cell=_door, look="main"),
        columns.count("visitors", "人数", lambda row: row.row.visitors),
        columns.text("source", "来源", lambda row: wording.SOURCES[row.row.source], look="nowrap"),
        columns.text("by", "填报", lambda row: access_wording.actor_name(row.row.counted_by)),
        columns.moment("at", "填报时间", lambda row: row.row.counted_at),
    ),
    filters=(
        Search(
            "大门",
            _of_door,
            is_open=True,
        ),
        Days("day", "日期", Footfall.day, is_date=True),
        Choice("source", "来源", wording.SOURCES, lambda source: Footfall.source == source, "全部来源"),
    ),
    sorts=both_ways("hour", "时间从近到远", "时间从远到近", Footfall.day, Footfall.hour, Footfall.door_id),
    link=_address,
    noun="个时段",
    icon="entrance",
    nothing="没有客流数据",
    hint="客流系统接入后会自动出现，也可以导入文件或人工录入。",
)
