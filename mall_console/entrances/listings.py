"""The lists of entrances: the codes with their traffic, and every opening through one of them."""

from typing import NamedTuple

from sqlalchemy import select

from app.entrances import queries as entrance_queries
from app.entrances import wording
from app.entrances.models import Entrance, EntranceScan
from app.entrances.queries import Counted, Traffic
from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.web import filters
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days, Search
from mall_console.kit.shares import FEW
from mall_console.kit.workspace import Workspace

_ACTIVE = {"yes": "使用中", "no": "已停用"}


def _read(workspace: Workspace, wanted: Wanted) -> Page[Counted]:
    today = clock.business_date(clock.now())
    return entrance_queries.list_counted(*wanted.where, today=today, order=wanted.order, asked=wanted.asked)


def _name(workspace: Workspace, row: Counted) -> Cell:
    return cells.text(row.entrance.name, small=row.entrance.headline)


def _traffic(traffic: Traffic) -> Cell:
    joined = f"入会 {filters.points(traffic.joins)}"
    rate = f" · {filters.percent(traffic.rate_permille)}" if traffic.scans >= FEW else ""
    return Cell(text=filters.points(traffic.scans), small=joined + rate)


def _state(workspace: Workspace, row: Counted) -> Cell:
    return cells.tag("使用中", "good") if row.entrance.active else cells.tag("已停用")


ENTRANCES: Listing[Counted] = Listing(
    name="entrances",
    title="入口码",
    permission="entrance.view",
    table=Entrance,
    scope=lambda workspace: [workspace.condition("entrance.view", Entrance.mall_id)],
    read=_read,
    columns=(
        Column(key="name", head="入口", cell=_name, look="main", sort="name", is_fixed=True),
        columns.text("kind", "类型", lambda row: wording.KINDS[row.entrance.kind], look="nowrap"),
        Column(key="today", head="今日扫码", cell=lambda _, row: _traffic(row.today), look="right num"),
        Column(key="week", head="近 7 天", cell=lambda _, row: _traffic(row.week), look="right num"),
        Column(key="ever", head="累计", cell=lambda _, row: _traffic(row.ever), look="right num"),
        Column(key="state", head="状态", cell=_state),
    ),
    filters=(
        Search("入口名称", narrowing.contains(Entrance.name, Entrance.headline), is_open=True),
        Choice("kind", "类型", wording.KINDS, lambda kind: Entrance.kind == kind, "全部类型"),
        Choice("active", "状态", _ACTIVE, lambda code: Entrance.active.is_(code == "yes"), "全部状态"),
    ),
    sorts=(
        *both_ways("added", "最近新建在前", "最早新建在前", Entrance.id),
        *both_ways("name", "名称倒序", "名称顺序", Entrance.name, Entrance.id),
    ),
    link=lambda workspace, row: f"{workspace.base}/entrances/{row.entrance.id}",
    noun="个",
    icon="entrance",
    nothing="还没有入口码",
    hint="在电梯厅、停车场、等位区分别张贴入口码，可统计会员来源。点击「新建入口码」开始。",
)


class Opened(NamedTuple):
    """An opening with the name of its entrance."""

    scan: EntranceScan
    name: str


def _read_scans(workspace: Workspace, wanted: Wanted) -> Page[Opened]:
    page = entrance_queries.list_scans(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Opened(*row) for row in page])


def _at(workspace: Workspace, row: Opened) -> Cell:
    local = clock.local(row.scan.scanned_at)
    return Cell(text=f"{local:%Y-%m-%d %H:%M}", value=local.replace(tzinfo=None, microsecond=0))


def _address(workspace: Workspace, row: Opened) -> str:
    return "" if row.scan.unknown_scene else f"{workspace.base}/entrances/{row.scan.entrance_id}"


def _entrance(workspace: Workspace, row: Opened) -> Cell:
    if row.scan.unknown_scene:
        return cells.text("未知二维码", small=row.scan.unknown_scene)
    return cells.text(row.name, href=_address(workspace, row))


def _result(workspace: Workspace, row: Opened) -> Cell:
    if row.scan.joined_at:
        return cells.tag("入会", "good")
    return cells.tag("识别为会员或访客", "cool") if row.scan.member_id else cells.tag("仅浏览")


SCANS: Listing[Opened] = Listing(
    name="scans",
    title="扫码记录",
    permission="entrance.view",
    table=EntranceScan,
    scope=lambda workspace: [
        EntranceScan.entrance_id.in_(select(Entrance.id).where(workspace.condition("entrance.view", Entrance.mall_id)))
    ],
    read=_read_scans,
    columns=(
        Column(key="at", head="时间", cell=_at, look="num", sort="at", is_fixed=True),
        Column(key="entrance", head="入口", cell=_entrance),
        Column(key="result", head="结果", cell=_result),
    ),
    filters=(
        Days("day", "日期", EntranceScan.day, is_date=True),
        Choice("joined", "结果", {"yes": "仅入会"}, lambda _: EntranceScan.joined_at.is_not(None)),
    ),
    sorts=both_ways("at", "时间从近到远", "时间从远到近", EntranceScan.scanned_at, EntranceScan.id),
    link=_address,
    noun="次",
    icon="entrance",
    nothing="没有扫码记录",
    hint="请将海报张贴在人流密集处。",
)
