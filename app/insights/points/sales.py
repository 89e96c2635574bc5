"""Sales of members beside what points cost: by month, and before and after rules of earning changed."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from app.insights.points import queries, rules
from app.kernel import clock
from app.kernel.day_sums.reading import DaySums
from app.malls import queries as malls
from app.purchases.day_sums import SALES

MOST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days: what members bought for, and the points that were issued net."""

    first: date
    last: date
    sales_fen: int
    issued: int

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1


def by_month(mall_id: int | None, *, first: date, last: date) -> dict[date, int]:
    """What members bought for in each month of the days, in fen, less refunds; months begin on their first day."""
    found: Counter[date] = Counter()
    for one in _malls(mall_id):
        for day, total in DaySums(one, [SALES]).by_day(SALES, first=first, last=last).items():
            found[clock.first_of_month(day)] += total.amount
    return dict(found)


def around(mall_id: int, changed_on: date, *, last: date) -> tuple[Stretch, Stretch] | None:
    """As many days before a change of rules as after it, at most a month each; None before a whole day has passed.

    No more than before and after: season, campaigns and everything else that changed stand in it as well.
    """
    days = min((last - changed_on).days + 1, MOST_DAYS)
    if days < 1:
        return None
    before = changed_on - timedelta(days=days), changed_on - timedelta(days=1)
    after = changed_on, changed_on + timedelta(days=days - 1)
    return _stretch(mall_id, *before), _stretch(mall_id, *after)


def _stretch(mall_id: int, first: date, last: date) -> Stretch:
    sold = DaySums(mall_id, [SALES]).by_day(SALES, first=first, last=last)
    issued = rules.issued_of(queries.by_way(mall_id, first=first, last=last))
    return Stretch(first, last, sum(one.amount for one in sold.values()), issued)


def _malls(mall_id: int | None) -> Collection[int]:
    return [mall.id for mall in malls.list_malls()] if mall_id is None else [mall_id]
