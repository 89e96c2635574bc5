"""Figures as tiles: how each compares with before, whether that is good, and where its rows are."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.insights.questions.figures import Figures
from app.kernel import money
from app.web import filters
from mall_console.kit.shares import FEW
from mall_console.kit.workspace import Workspace
from mall_console.overview.ranges import Range


class Meaning(StrEnum):
    """What it means that a figure grows; what is given away grows with what is sold, and is neither."""

    GOOD = "good"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure on the page. `tone` colours the change: good, bad or none; without `address` its rows are not theirs."""

    label: str
    value: str
    before: str
    change: str
    way: str
    tone: str
    address: str | None


@dataclass(frozen=True, slots=True)
class _Kind:
    label: str
    name: str
    write: Callable[[int], str]
    meaning: Meaning
    permission: str
    path: str


_JOINED = "/entrances/scans?{day}&joined=yes"
# Where a list counts days under another name, or more than days narrow it, the path says so: {day}, {sent}, {joined}.
_KINDS = (
    _Kind("扫码", "scans", filters.points, Meaning.GOOD, "entrance.view", "/entrances/scans?{day}"),
    _Kind("新入会", "joins", filters.points, Meaning.GOOD, "member.view", "/members?{joined}"),
    _Kind("扫码入会率", "join_rate_permille", filters.percent, Meaning.GOOD, "entrance.view", _JOINED),
    _Kind("核销", "redemptions", filters.points, Meaning.GOOD, "redemption.list", "/redemptions?{day}"),
    _Kind("顾客优惠", "discount_fen", filters.yuan, Meaning.NEITHER, "redemption.list", "/redemptions?{day}"),
    _Kind("会员消费", "sales_fen", filters.yuan, Meaning.GOOD, "purchase.view", "/purchases?{day}"),
    _Kind("发放积分", "points_issued", filters.points, Meaning.NEITHER, "overview.view", "/points?{day}&way=earned"),
    _Kind("使用积分", "points_spent", filters.points, Meaning.NEITHER, "overview.view", "/points?{day}&way=spent"),
    _Kind("消息送达", "messages_sent", filters.points, Meaning.NEITHER, "message.view", "/messages?{sent}"),
    _Kind("车辆入场", "cars", filters.points, Meaning.GOOD, "parking.view", "/parking?{day}"),
    _Kind("停车实付", "parking_cash_fen", filters.yuan, Meaning.GOOD, "parking.view", "/parking/payments?{day}"),
    _Kind("停车减免", "parking_waived_fen", filters.yuan, Meaning.NEITHER, "parking.view", "/parking/payments?{day}"),
)
# What finance answers for; the rest of the figures is what it pays for.
MONEY = ("sales_fen", "discount_fen", "points_issued", "points_spent", "redemptions", "parking_cash_fen")


def list_tiles(workspace: Workspace, chosen: Range, present: Figures, before: Figures) -> list[Tile]:
    """The tiles that the person's work is about, each opening its rows."""
    kinds = _KINDS if workspace.can("entrance.view") else [kind for kind in _KINDS if kind.name in MONEY]
    days = {name: chosen.query(name) for name in ("day", "sent", "joined")}
    return [
        _tile(
            kind,
            present,
            before,
            workspace.base + kind.path.format_map(days) if workspace.can(kind.permission) else None,
        )
        for kind in kinds
    ]


def _tile(kind: _Kind, present: Figures, before: Figures, address: str | None) -> Tile:
    """The tile; a change that is chance points no way."""
    change = _change(kind, present, before)
    grown = getattr(present, kind.name) - getattr(before, kind.name) if change else 0
    way = "up" if grown > 0 else "down" if grown < 0 else ""
    tone = "" if not way or kind.meaning is Meaning.NEITHER else "good" if way == "up" else "bad"
    return Tile(kind.label, _value(kind, present), _value(kind, before), change, way, tone, address)


def _value(kind: _Kind, figures: Figures) -> str:
    """The figure as it is written; no share of no scans."""
    if kind.write is filters.percent and not figures.scans:
        return "—"
    return kind.write(getattr(figures, kind.name))


def _change(kind: _Kind, present: Figures, before: Figures) -> str:
    now, then = getattr(present, kind.name), getattr(before, kind.name)
    if kind.write is not filters.percent:
        return changed(now, then, few=FEW if kind.write is filters.points else 0)
    return points_changed(now - then) if min(present.scans, before.scans) >= FEW else ""


def changed(present: int, before: int, *, few: int = 0) -> str:
    """By how many per cent, in words; from nothing, or from more returns than sales, there is no per cent.

    Of fewer than `few` before, by how many.
    """
    if present == before:
        return "持平"
    if before <= 0:
        return "新增" if present > 0 else "退货" if present < 0 else "归零"
    if before < few:
        return filters.points(abs(present - before))
    share = money.divide(abs(present - before) * 1_000, before)
    return f"{share / 10:.1f}%" if share < 10_000 else "10 倍以上"


def points_changed(permille: int) -> str:
    """A rate changes by points: from 5 % to 6 % by one, and not by 20 %."""
    return f"{abs(permille) / 10:.1f} 个百分点" if permille else "持平"
