"""The list of a mall's entrances in a week: from visitors to members who can be reached, what it cost and brought."""

from datetime import date, timedelta

from sqlalchemy import select

from app.entrances import wording
from app.entrances.models import Entrance
from app.insights.entrances import queries
from app.insights.entrances.models import EntranceWeek
from app.insights.entrances.queries import OfEntrance
from app.insights.entrances.weeks import week_of
from app.kernel.errors import NotFound
from app.kernel.lists.keyset import Page
from app.kernel.money import Share
from app.web import filters
from app.web.forms import written
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import About, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Conditions, Search
from mall_console.kit.workspace import Workspace

_LAST_DAY = timedelta(days=6)


def share_text(share: Share | None) -> str:
    """A share in per cent; nothing of nothing."""
    return filters.share_text(share, nothing="")


def title_of(week: date) -> str:
    """The week by its first and last day."""
    return f"{week.isoformat()} 至 {(week + _LAST_DAY).isoformat()}"


def _about(workspace: Workspace, key: str) -> About:
    week = written.find_day(key)
    if week is None or week != week_of(week):
        raise NotFound(week=key)
    return About(key, week, title_of(week), [EntranceWeek.week == week])


def _read(workspace: Workspace, wanted: Wanted) -> Page[OfEntrance]:
    return queries.list_of_week(*wanted.where, order=wanted.order, asked=wanted.asked)


def _entrance(workspace: Workspace, row: OfEntrance) -> Cell:
    return cells.text(row.entrance.name, small=wording.KINDS[row.entrance.kind])


def _step(count: int, share: Share | None) -> Cell:
    return Cell(text=filters.points(count), small=share_text(share), value=count)


def _cost(workspace: Workspace, row: OfEntrance) -> Cell:
    small = f"录入 {filters.yuan(row.funnel.entered_fen)}" if row.funnel.entered_fen else ""
    amount = cells.money_or_nothing(row.funnel.cost_fen)
    address = f"{workspace.base}/entrances/funnel/{row.funnel.week.week}/costs?entrance={row.entrance.id}"
    href = address if workspace.can("entrance.manage") else ""
    return Cell(text=amount.text, small=small, href=href, value=amount.value)


def _named(workspace: Workspace, words: str) -> Conditions:
    named = narrowing.contains(Entrance.name, Entrance.headline)(workspace, words)
    return [EntranceWeek.entrance_id.in_(select(Entrance.id).where(Entrance.mall_id == workspace.mall.id, *named))]


FUNNEL: Listing[OfEntrance] = Listing(
    name="entrance_funnel",
    title="入口漏斗",
    permission="entrance.view",
    table=EntranceWeek,
    scope=lambda workspace: [workspace.condition("entrance.view", EntranceWeek.mall_id)],
    about=_about,
    read=_read,
    columns=(
        Column(key="name", head="入口", cell=_entrance, look="main", is_fixed=True),
        columns.count("visitors", "客流", lambda row: row.funnel.week.visitors),
        Column(
            key="scans",
            head="扫码",
            cell=lambda _, row: _step(row.funnel.week.scans, row.funnel.scan_share),
            look="right num",
            sort="scans",
        ),
        Column(
            key="joined",
            head="入会",
            cell=lambda _, row: _step(row.funnel.week.joined, row.funnel.join_share),
            look="right num",
            sort="joined",
        ),
        Column(
            key="reachable",
            head="可触达",
            cell=lambda _, row: _step(row.funnel.week.reachable, row.funnel.reachable_share),
            look="right num",
        ),
        columns.count("bought", "已消费会员", lambda row: row.funnel.week.bought, is_extra=True),
        Column(key="cost", head="入会成本", cell=_cost, look="right num"),
        columns.money("per_join", "每入会成本", lambda row: row.funnel.cost_per_join_fen),
        columns.money("spend", "至今净消费", lambda row: row.funnel.week.spend_fen, sort="spend"),
        columns.money("spend_per_join", "每入会净消费", lambda row: row.funnel.spend_per_join_fen, is_extra=True),
        columns.money("margin", "至今毛利", lambda row: row.funnel.week.margin_fen, sort="margin"),
    ),
    filters=(
        Search("入口名称", _named, is_open=True),
        Choice(
            "kind",
            "类型",
            wording.KINDS,
            lambda kind: EntranceWeek.entrance_id.in_(select(Entrance.id).where(Entrance.kind == kind)),
            "全部类型",
        ),
    ),
    sorts=(
        *both_ways("joined", "入会从多到少", "入会从少到多", EntranceWeek.joined, EntranceWeek.entrance_id),
        *both_ways(
            "scans", "扫码从多到少", "扫码从少到多", EntranceWeek.scans, EntranceWeek.entrance_id, is_short=True
        ),
        *both_ways(
            "spend", "净消费从高到低", "净消费从低到高", EntranceWeek.spend_fen, EntranceWeek.entrance_id, is_short=True
        ),
        *both_ways(
            "margin", "毛利从高到低", "毛利从低到高", EntranceWeek.margin_fen, EntranceWeek.entrance_id, is_short=True
        ),
    ),
    link=lambda workspace, row: f"{workspace.base}/entrances/{row.entrance.id}",
    noun="个入口",
    icon="entrance",
    nothing="这一周没有入口数据",
    hint="有人扫码、入会，或门口有客流计数时会出现在这里。",
)
