"""The first page, by role: what waits, figures of a range beside those before, how people came, what stores sell."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.insights.questions import figures, funnels, rankings
from app.insights.questions.figures import Counted, Day
from app.kernel import clock, money
from app.kernel.day_sums.reading import DaySums
from app.settlement.ledger import queries as ledger_queries
from mall_console.kit import shares
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.overview import ranges, tiles, todos
from mall_console.overview.ranges import Range

blueprint = Blueprint("overview", __name__, template_folder="templates")

MOST_ENTRANCES = 6
MOST_STORES = 8


@blueprint.get("")
@mall_required("overview.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The first page of a mall."""
    now = clock.now()
    mall_id, chosen = workspace.mall.id, ranges.asked(now)
    sums = figures.sums_of(mall_id)
    present, before = figures.read_each(sums, [chosen.span, chosen.before])
    operates = workspace.can("entrance.view")
    return render_template(
        "console/overview.html",
        now=now,
        today=clock.business_date(now),
        chosen=chosen,
        ranges=ranges.choices(),
        todos=todos.list_todos(workspace, now=now),
        tiles=tiles.list_tiles(workspace, chosen, present.figures, before.figures),
        books=_books(workspace),
        stores=rankings.list_selling(present, before, most=MOST_STORES),
        changed=tiles.changed,
        **(_traffic(mall_id, chosen, sums, present) if operates else {"funnel": None}),
    )


def _traffic(mall_id: int, chosen: Range, sums: DaySums, present: Counted) -> dict[str, object]:
    """How people came: day by day, how far, and through which entrance."""
    last = chosen.span.last_day
    days = figures.list_days(sums, first=last - timedelta(days=max(chosen.days, ranges.CHART_DAYS) - 1), last=last)
    funnel = funnels.read(mall_id, chosen.span, present.figures)
    steps = [("扫码打开", funnel.scans), ("扫码入会", funnel.joins), ("用过入会礼", funnel.used)]
    return {
        "funnel": [(label, count, _share(count, steps[0][1]), _telling_share(count, steps[max(at - 1, 0)][1]))
                   for at, (label, count) in enumerate(steps)],
        "few": shares.FEW,
        "entrances": funnels.list_entrances(present, most=MOST_ENTRANCES),
        "chart": _chart(days),
        "chart_days": len(days),
        "is_quiet": not any(day.scans or day.joins or day.redemptions for day in days),
    }  # fmt: skip


def _share(count: int, whole: int) -> float:
    """In per cent, with one decimal; never more than all."""
    return min(money.divide(count * 1_000, whole) / 10, 100.0) if whole else 0.0


def _telling_share(count: int, whole: int) -> float | None:
    """None of so few that it says nothing."""
    return _share(count, whole) if whole >= shares.FEW else None


def _books(workspace: Workspace) -> dict[str, int] | None:
    """What the open books sum to, for who keeps them and not the rest: owed to merchants, and owed by them."""
    if workspace.can("entrance.view") or not workspace.can("statement.view"):
        return None
    sums = [book.amount_fen for book in ledger_queries.list_open_books(workspace.mall.id)]
    return {
        "owed": sum(amount for amount in sums if amount > 0),
        "due": -sum(amount for amount in sums if amount < 0),
        "merchants": len(sums),
    }


def _chart(days: list[Day]) -> dict[str, object]:
    names = (("scans", "扫码"), ("joins", "新入会"), ("redemptions", "核销"))
    return {
        "days": [f"{day.day:%m-%d}" for day in days],
        "series": [{"name": label, "values": [getattr(day, name) for day in days]} for name, label in names],
    }
