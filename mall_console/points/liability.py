"""What is owed in points and what they cost: by month, source and payer, beside sales, with a look a year ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.insights.points import queries, rules, sales, watching, wording
from app.insights.points.queries import Due, Earned
from app.insights.points.rules import MonthAhead
from app.kernel import clock, money
from app.malls import queries as malls
from app.points.earning import rule_sets
from app.points.earning.extras import Payer
from app.points.earning.wording import PAYERS
from app.points.expiry import policies
from app.points.proof.ways import Way
from app.points.proof.wording import WAYS
from app.points.worth import factors
from app.points.worth.rules import worth_fen
from mall_console.kit import everywhere
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("points_liability", __name__, url_prefix="/points/liability", template_folder="templates")

MONTHS_SHOWN = 13


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month: points by what became of them, above zero, and what those issued cost beside sales, in fen."""

    month: date
    issued: int
    taken_back: int
    spent: int
    expired: int
    cost_fen: int
    sales_fen: int

    @property
    def cost_bps(self) -> int | None:
        """The share of sales that went into points."""
        return money.divide(self.cost_fen * money.BPS, self.sales_fen) if self.sales_fen > 0 else None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What one source gave that one payer pays: points, their worth, their share of all."""

    name: str
    payer: str
    points: int
    fen: int
    share_bps: int


@blueprint.get("")
@mall_required("points.watch")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The whole page, from sums that are kept."""
    has_choice = len(malls.list_malls()) > 1 and everywhere.may(workspace, "points.watch")
    is_group = has_choice and request.args.get("of") == "group"
    mall_id = None if is_group else workspace.mall.id
    due = queries.find_due(mall_id)
    if due is None or queries.find_span(mall_id) is None:
        return render_template("console/points_liability_none.html")
    return render_template("console/points_liability.html", **_shown(workspace, mall_id, due), has_choice=has_choice)


def _shown(workspace: Workspace, mall_id: int | None, due: Due) -> dict[str, Any]:
    last = due.day - timedelta(days=1)
    factor_bps = factors.in_force(due.day)
    months = _months(mall_id, last, factor_bps)
    span = {"first": _year_before(last), "last": last}
    earned = queries.by_source(mall_id, **span)
    ahead = _ahead(mall_id, due)
    return {
        "is_group": mall_id is None,
        "due": due,
        "due_fen": worth_fen(due.points, factor_bps),
        "due_rows": [(month, points, worth_fen(points, factor_bps)) for month, points in due.months.items()],
        "soon": sum(points for month, points in due.months.items() if month <= _in_three_months(due.day)),
        "factor_bps": factor_bps,
        "months": months,
        "rate": watching.rate_of(mall_id, last=last),
        "group_rate": None if mall_id is None else watching.rate_of(None, last=last),
        "band": rules.BAND_BPS,
        "least_days": rules.LEAST_DAYS,
        "sources": _sources(earned, factor_bps),
        "payers": _payers(earned, factor_bps),
        "taken_back": -queries.by_way(mall_id, **span).get(Way.TAKEN_BACK, 0),
        "ahead": ahead,
        "idle_days": rules.IDLE_DAYS,
        "rest_days": _rest_of_month(due.day),
        "change": _change(workspace, last),
        "past_chart": _past_chart(months),
        "ahead_chart": _ahead_chart(ahead),
        "worth": lambda points: worth_fen(points, factor_bps),
    }


def _months(mall_id: int | None, last: date, factor_bps: int) -> list[MonthRow]:
    """The last year by month, the latest first; this one as far as it is counted."""
    first = clock.first_of_month(_year_before(last))
    ways, sold = queries.by_month(mall_id, first=first, last=last), sales.by_month(mall_id, first=first, last=last)
    rows = [_month(one, ways.get(one, {}), sold.get(one, 0), factor_bps) for one in sorted(ways.keys() | sold.keys())]
    begun = next((place for place, row in enumerate(rows) if row.issued or row.spent or row.expired), len(rows))
    return rows[begun:][::-1][:MONTHS_SHOWN]


def _month(month: date, ways: Mapping[Way, int], sales_fen: int, factor_bps: int) -> MonthRow:
    issued = ways.get(Way.ACCRUED, 0) + ways.get(Way.ADJUSTED, 0)
    return MonthRow(
        month=month,
        issued=issued,
        taken_back=-ways.get(Way.TAKEN_BACK, 0),
        spent=rules.spent_of(ways),
        expired=-ways.get(Way.EXPIRED, 0) - ways.get(Way.FORFEITED, 0),
        cost_fen=worth_fen(max(rules.issued_of(ways), 0), factor_bps),
        sales_fen=sales_fen,
    )


def _ahead(mall_id: int | None, due: Due) -> list[MonthAhead]:
    this = clock.first_of_month(due.day)
    first = this
    for _ in range(rules.MONTHS_BEHIND):
        first = clock.first_of_month(first - timedelta(days=1))
    by_month = queries.by_month(mall_id, first=first, last=due.day - timedelta(days=1))
    since = sum(by_month.get(this, {}).values())
    past = rules.past_of([by_month[one] for one in sorted(by_month) if one < this], left=due.points - since)
    return rules.forecast(due.months, past, start=due.day, expiry_day=policies.end_of(), idle=due.idle)


def _sources(earned: Sequence[Earned], factor_bps: int) -> list[SourceRow]:
    total = sum(one.points for one in earned)
    return [
        SourceRow(
            wording.SOURCES.get(one.source, wording.SOURCES["note"]),
            PAYERS[Payer(one.payer)],
            one.points,
            worth_fen(one.points, factor_bps),
            money.divide(one.points * money.BPS, total) if total else 0,
        )
        for one in earned
        if one.points > 0
    ]


def _payers(earned: Sequence[Earned], factor_bps: int) -> list[tuple[str, int, int]]:
    sums: dict[str, int] = {}
    for one in earned:
        sums[one.payer] = sums.get(one.payer, 0) + one.points
    return [
        (PAYERS[Payer(payer)], points, worth_fen(points, factor_bps)) for payer, points in sums.items() if points > 0
    ]


def _change(workspace: Workspace, last: date) -> tuple[sales.Stretch, sales.Stretch] | None:
    """Before and after the latest change of this mall's rules of earning that has held for a day."""
    begun = [one for one in rule_sets.list_versions(workspace.mall.id) if one.effective_from <= last]
    return sales.around(workspace.mall.id, begun[0].effective_from, last=last) if begun else None


def _past_chart(months: Sequence[MonthRow]) -> dict[str, Any]:
    told = months[::-1]
    series = (("issued", WAYS[Way.ACCRUED]), ("spent", WAYS[Way.SPENT]), ("expired", WAYS[Way.EXPIRED]))
    return {
        "days": [f"{one.month:%Y-%m}" for one in told],
        "series": [{"name": label, "values": [getattr(one, name) for one in told]} for name, label in series],
    }


def _ahead_chart(ahead: Sequence[MonthAhead]) -> dict[str, Any]:
    return {
        "days": [f"{one.month:%Y-%m}" for one in ahead],
        "series": [{"name": "月末未使用积分", "values": [one.left for one in ahead]}],
    }


def _year_before(day: date) -> date:
    return day - timedelta(days=rules.RATE_DAYS - 1)


def _rest_of_month(day: date) -> int | None:
    """How many days of a month are to come from its day on; None of a whole month."""
    return None if day.day == 1 else (clock.first_of_next_month(day) - day).days


def _in_three_months(day: date) -> date:
    return clock.first_of_month(clock.first_of_month(day) + timedelta(days=70))
