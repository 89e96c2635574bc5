"""A mall's figures over a span of time. Money in fen; a span is from a moment up to, not including, another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement

from app.benefits.coupons.day_sums import REDEEMED
from app.entrances.day_sums import SCANS, STRAY_SCANS
from app.identity.day_sums import JOINED
from app.kernel import clock, money
from app.kernel.day_sums.reading import DaySums
from app.kernel.day_sums.series import NOTHING, Series, Sum
from app.outreach.messages.day_sums import SENT
from app.parking.payment.day_sums import CASH, WAIVED
from app.parking.sessions.day_sums import CARS
from app.points.ledger.day_sums import EARNED, SPENT
from app.purchases.day_sums import SALES


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to another; may begin and end within a day."""

    since: datetime
    until: datetime

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """The condition that a column of moments lies in the span."""
        inside: ColumnElement[bool] = (moment >= self.since) & (moment < self.until)
        return inside

    @property
    def days(self) -> int:
        """How many days of the mall's calendar it touches."""
        return (self.last_day - self.first_day).days + 1

    @property
    def first_day(self) -> date:
        """The day of the mall's calendar on which it begins."""
        return clock.business_date(self.since)

    @property
    def last_day(self) -> date:
        """The day on which it ends; one that ends at midnight ends on the day before."""
        return clock.business_date(self.until - timedelta.resolution)

    def earlier(self, **units: float) -> "Span":
        """The span as long as this one, so much earlier."""
        return Span(self.since - timedelta(**units), self.until - timedelta(**units))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of a mall in one span; their series say what each of them counts."""

    scans: int
    scan_joins: int
    joins: int
    redemptions: int
    discount_fen: int
    sales_fen: int
    points_issued: int
    points_spent: int
    messages_sent: int
    cars: int
    parking_cash_fen: int
    parking_waived_fen: int

    @property
    def join_rate_permille(self) -> int:
        """Openings that led to joining, of all openings, in thousandths, as it is shown; 0 without openings."""
        return money.divide(self.scan_joins * 1_000, self.scans) if self.scans else 0


@dataclass(frozen=True, slots=True)
class Counted:
    """All figures of a span, and what of each series lies under which key: sales by store, scans by entrance."""

    figures: Figures
    _by_key: Mapping[str, Mapping[int, Sum]]

    def of(self, series: Series) -> Mapping[int, Sum]:
        """What the series has under each key that has anything."""
        return self._by_key[series.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a chart shows of one day of the mall's calendar."""

    day: date
    scans: int
    joins: int
    redemptions: int


# What the figures of the first page are made of.
_SERIES = (SCANS, STRAY_SCANS, JOINED, REDEEMED, SALES, EARNED, SPENT, SENT, CARS, CASH, WAIVED)


def read(mall_id: int, span: Span) -> Figures:
    """Every figure of the mall in the span."""
    return read_each(sums_of(mall_id), [span])[0].figures


def sums_of(mall_id: int) -> DaySums:
    """What the mall's figures are read from: made once for what a page shows together."""
    return DaySums(mall_id, _SERIES)


def read_each(sums: DaySums, spans: Sequence[Span]) -> list[Counted]:
    """Every figure in each of the spans.

    What is counted stands with each series; points are those booked for the mall, nothing netted: what was taken back,
    given back, adjusted or ran out is neither issued nor spent.
    """
    found = sums.between_each([(span.since, span.until) for span in spans])
    return [Counted(_figures(by_key), by_key) for by_key in found]


def _figures(by_key: Mapping[str, Mapping[int, Sum]]) -> Figures:
    found = {name: reduce(Sum.plus, of_series.values(), NOTHING) for name, of_series in by_key.items()}
    scans = found[SCANS.name].plus(found[STRAY_SCANS.name])  # those of codes that are nobody's, too
    return Figures(
        scans=scans.count,
        scan_joins=scans.amount,
        joins=found[JOINED.name].count,
        redemptions=found[REDEEMED.name].count,
        discount_fen=found[REDEEMED.name].amount,
        sales_fen=found[SALES.name].amount,
        points_issued=found[EARNED.name].amount,
        points_spent=found[SPENT.name].amount,
        messages_sent=found[SENT.name].count,
        cars=found[CARS.name].count,
        parking_cash_fen=found[CASH.name].amount,
        parking_waived_fen=found[WAIVED.name].amount,
    )


def today(now: datetime) -> Span:
    """From the beginning of the mall's day until now."""
    return Span(clock.start_of_day(clock.business_date(now)), now)


def yesterday(now: datetime) -> Span:
    """The whole day of the mall before this one."""
    end = clock.start_of_day(clock.business_date(now))
    return Span(clock.start_of_day(clock.business_date(now) - timedelta(days=1)), end)


def last_days(now: datetime, number: int) -> Span:
    """So many days of the mall up to now, today among them."""
    first = clock.business_date(now) - timedelta(days=number - 1)
    return Span(clock.start_of_day(first), now)


def list_days(sums: DaySums, *, first: date, last: date) -> list[Day]:
    """Scans, joins and redemptions of each day from the first to the last, as defined above; days without any, too."""
    found = sums.by_day_each(_CHARTED, first=first, last=last)
    scans, strays, joins, used = ({day: one.count for day, one in found[series.name].items()} for series in _CHARTED)
    return [
        Day(
            day=day,
            scans=scans.get(day, 0) + strays.get(day, 0),
            joins=joins.get(day, 0),
            redemptions=used.get(day, 0),
        )
        for day in clock.each_day(first, last)
    ]


_CHARTED = (SCANS, STRAY_SCANS, JOINED, REDEEMED)
