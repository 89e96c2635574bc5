"""Today: the day's figures beside those of the same day last week up to the same minute, and two weeks as lines."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.insights.questions import figures
from app.insights.questions.figures import Day, Figures
from app.kernel import clock
from app.web import filters
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("overview", __name__, template_folder="templates")

CHART_DAYS = 14


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure on the page: its words, how it compares, and the rows behind it if the person may see them."""

    label: str
    value: str
    before: str
    change: int
    address: str | None


@blueprint.get("")
@mall_required("overview.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The first page of a mall."""
    now = clock.now()
    span = figures.today(now)
    present, before = figures.read(workspace.mall.id, span), figures.read(workspace.mall.id, span.earlier(days=7))
    today = clock.business_date(now)
    days = figures.list_days(workspace.mall.id, first=today - timedelta(days=CHART_DAYS - 1), last=today)
    return render_template(
        "console/overview.html",
        now=now,
        today=today,
        tiles=_tiles(workspace, present, before, today.isoformat()),
        chart=_chart(days),
        is_quiet=not any(day.scans or day.joins or day.redemptions for day in days),
    )


def _tiles(workspace: Workspace, present: Figures, before: Figures, day: str) -> list[Tile]:
    rows: list[tuple[str, str, Callable[[int], str], str, str]] = [
        ("扫码", "scans", filters.points, "entrance.view", f"/entrances/scans?day={day}"),
        ("新入会", "joins", filters.points, "member.view", f"/members?joined={day}"),
        ("扫码入会率", "join_rate_bps", _percent, "entrance.view", f"/entrances/scans?day={day}&joined=yes"),
        ("核销", "redemptions", filters.points, "redemption.list", f"/redemptions?day={day}"),
        ("顾客优惠", "discount_fen", filters.yuan, "redemption.list", f"/redemptions?day={day}"),
        ("会员消费", "sales_fen", filters.yuan, "purchase.view", f"/purchases?day={day}"),
        ("发放积分", "points_issued", filters.points, "overview.view", f"/points?day={day}&way=earned"),
        ("使用积分", "points_spent", filters.points, "overview.view", f"/points?day={day}&way=spent"),
        ("消息送达", "messages_sent", filters.points, "message.view", f"/messages?sent={day}"),
        ("车辆入场", "cars", filters.points, "parking.view", f"/parking?day={day}"),
        ("停车实付", "parking_cash_fen", filters.yuan, "parking.view", f"/parking/payments?day={day}"),
        ("停车减免", "parking_waived_fen", filters.yuan, "parking.view", f"/parking/payments?day={day}"),
    ]
    return [
        Tile(
            label,
            write(getattr(present, name)),
            write(getattr(before, name)),
            getattr(present, name) - getattr(before, name),
            workspace.base + path if workspace.can(permission) else None,
        )
        for label, name, write, permission, path in rows
    ]


def _percent(bps: int) -> str:
    return f"{bps / 100:.1f}%"


def _chart(days: list[Day]) -> dict[str, object]:
    names = (("scans", "扫码"), ("joins", "新入会"), ("redemptions", "核销"))
    return {
        "days": [f"{day.day:%m-%d}" for day in days],
        "series": [{"name": label, "values": [getattr(day, name) for day in days]} for name, label in names],
    }
