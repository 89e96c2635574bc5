"""Back-test: what would have been expected of 90 days from what was known before them, beside what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.types import Double

from app.kernel.db import db
from app.lifecycle.predictions import engine, facts_sql, queries, rules
from app.lifecycle.predictions.calibrating import BANDS
from app.lifecycle.predictions.errors import HistoryTooShort
from app.lifecycle.predictions.facts_sql import BOUGHT
from app.lifecycle.predictions.models import PredictionFit
from app.lifecycle.predictions.predictions import expected_fen
from app.lifecycle.predictions.rules import OWN_AVERAGE, Amounts, Forecast, Group

_MOST_REPEATS = 7  # who came again so often or more often is counted together


class Happened(NamedTuple):
    """What members who were alike did in the days held back; `day_fen`: what a day of theirs was expected to bring."""

    repeats: int
    last_day: int
    days: int
    members: int
    day_fen: float
    returned: int
    purchases: int
    spend_fen: int


@dataclass(slots=True)
class Line:
    """Expected beside actual of some members: how many bought, on how many days, for how much."""

    members: int = 0
    returned_expected: float = 0.0
    returned: int = 0
    purchases_expected: float = 0.0
    purchases: int = 0
    spend_expected_fen: float = 0.0
    spend_fen: int = 0

    def add(self, expected: Forecast, one: Happened) -> None:
        """Count these members in."""
        self.members += one.members
        self.returned_expected += expected.returning * one.members
        self.returned += one.returned
        self.purchases_expected += expected.purchases * one.members
        self.purchases += one.purchases
        self.spend_expected_fen += expected.purchases * one.day_fen
        self.spend_fen += one.spend_fen

    def rounded(self) -> dict[str, Any]:
        """The line as it is kept."""
        return asdict(self) | {
            "returned_expected": round(self.returned_expected, 1),
            "purchases_expected": round(self.purchases_expected, 1),
            "spend_expected_fen": round(self.spend_expected_fen),
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expected beside actual: by tenths of the probability of buying (0: below 10 %), by repeat purchases, of all."""

    known_until: date
    as_of: date
    by_probability: dict[int, Line]
    by_repeats: dict[int, Line]
    total: Line

    def kept(self) -> dict[str, Any]:
        """The table as JSON."""
        return {
            "known_until": self.known_until.isoformat(),
            "by_probability": {str(band): line.rounded() for band, line in sorted(self.by_probability.items())},
            "by_repeats": {str(repeats): line.rounded() for repeats, line in sorted(self.by_repeats.items())},
            "total": self.total.rounded(),
        }


def backtest(as_of: date) -> Calibration:
    """Calibrate on what was known 90 days before, and compare; writes nothing. Raises HistoryTooShort."""
    known_until = as_of - timedelta(days=rules.HORIZON_DAYS)
    statistics = engine.load()
    facts_sql.collect(known_until)
    found = statistics.fit_buying(facts_sql.list_groups(known_until))
    if found.parameters is None:
        raise HistoryTooShort(obstacle=found.obstacle)
    amounts = statistics.fit_amounts(facts_sql.list_spendings()).parameters or OWN_AVERAGE
    happened = [Happened(*row) for row in db.session.execute(_happened(known_until, as_of, amounts))]
    groups = [Group(*one[:4]) for one in happened]
    forecasts = statistics.forecast(groups, found.parameters, days=rules.HORIZON_DAYS)
    return _compare(known_until, as_of, zip(forecasts, happened, strict=True))


def keep(fit: PredictionFit, calibration: Calibration) -> None:
    """Keep the table with the day's fit."""
    fit.backtest = calibration.kept()
    db.session.flush()


def is_due(as_of: date, *, every_days: int) -> bool:
    """Whether the last back-test that was kept is so old that another is due, or another model has come into force."""
    last, fit = queries.find_backtested(), queries.find_fit()
    if last is None or (as_of - last.day).days >= every_days:
        return True
    return fit is not None and bool(fit.from_first) is not bool(last.from_first)


def _compare(known_until: date, as_of: date, pairs: Iterable[tuple[Forecast, Happened]]) -> Calibration:
    table = Calibration(known_until, as_of, {}, {}, Line())
    for expected, one in pairs:
        band = min(int(expected.returning * BANDS), BANDS - 1)
        repeats = min(one.repeats, _MOST_REPEATS)
        for line in (
            table.by_probability.setdefault(band, Line()),
            table.by_repeats.setdefault(repeats, Line()),
            table.total,
        ):
            line.add(expected, one)
    return table


def _happened(known_until: date, as_of: date, amounts: Amounts) -> Select[Any]:
    """What the persons in `BOUGHT` did in the days held back, those together who are alike."""
    days = facts_sql.purchase_days(as_of).subquery("days")
    later = (
        select(days.c.person_id, func.count().label("purchases"), func.sum(days.c.fen).label("fen"))
        .where(days.c.day > known_until)
        .group_by(days.c.person_id)
        .subquery("later")
    )
    alike: Sequence[Any] = (facts_sql.repeats(), facts_sql.last_day(), facts_sql.days_seen(known_until))
    return (
        select(
            *alike,
            func.count(),
            cast(func.sum(expected_fen(amounts)), Double),
            func.count(later.c.person_id),
            *(cast(func.coalesce(func.sum(later.c[name]), 0), BigInteger) for name in ("purchases", "fen")),
        )
        .select_from(BOUGHT.outerjoin(later, later.c.person_id == BOUGHT.c.member_id))
        .group_by(*alike)
    )
