"""A mall's figures over a span of time. Money in fen; a span is from a moment up to, not including, another."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, select

from app.benefits.coupons.models import Redemption
from app.entrances.models import Entrance, EntranceScan
from app.identity.models import Member
from app.kernel import clock, money
from app.kernel.db import db
from app.kernel.lists.days import by_day
from app.outreach.messages.models import OutreachMessage
from app.parking.car_parks.models import CarPark
from app.parking.payment.models import ParkingPayment, PaymentStatus
from app.parking.sessions.models import ParkingSession
from app.points.ledger.models import EntryKind, PointsEntry
from app.purchases.models import Purchase


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
    """All figures of a mall in one span; see the functions below for what each of them counts."""

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
    def join_rate_bps(self) -> int:
        """Openings that led to joining, of all openings, in basis points; 0 without openings."""
        return money.divide(self.scan_joins * 10_000, self.scans) if self.scans else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a chart shows of one day of the mall's calendar."""

    day: date
    scans: int
    joins: int
    redemptions: int


def read(mall_id: int, span: Span) -> Figures:
    """Every figure of the mall in the span, one statement each."""
    scans, scan_joins = count_scans(mall_id, span)
    redemptions, discount_fen = sum_redemptions(mall_id, span)
    issued, spent = sum_points(mall_id, span)
    cash_fen, waived_fen = sum_parking_fen(mall_id, span)
    return Figures(
        scans=scans,
        scan_joins=scan_joins,
        joins=count_joins(mall_id, span),
        redemptions=redemptions,
        discount_fen=discount_fen,
        sales_fen=sum_sales_fen(mall_id, span),
        points_issued=issued,
        points_spent=spent,
        messages_sent=count_messages_sent(mall_id, span),
        cars=count_cars(mall_id, span),
        parking_cash_fen=cash_fen,
        parking_waived_fen=waived_fen,
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


def count_scans(mall_id: int, span: Span) -> tuple[int, int]:
    """Openings through the mall's entrances, each visit once; and how many of these openings led to joining."""
    numbers = _numbers(
        select(func.count(), func.count(EntranceScan.joined_at))
        .join(Entrance, Entrance.id == EntranceScan.entrance_id)
        .where(Entrance.mall_id == mall_id, within_days(span), span.holds(EntranceScan.scanned_at))
    )
    return numbers[0], numbers[1]


def count_joins(mall_id: int, span: Span) -> int:
    """Members whose home is this mall and who joined in the span, through an entrance or without."""
    return _numbers(select(func.count()).where(Member.home_mall_id == mall_id, span.holds(Member.joined_at)))[0]


def sum_redemptions(mall_id: int, span: Span) -> tuple[int, int]:
    """Coupons used in the mall's stores and car parks and not taken back; and what customers were spared by them."""
    numbers = _numbers(
        select(func.count(), _sum(Redemption.discount_fen)).where(
            Redemption.mall_id == mall_id,
            span.holds(Redemption.redeemed_at),
            Redemption.reversed_at.is_(None),
        )
    )
    return numbers[0], numbers[1]


def sum_sales_fen(mall_id: int, span: Span) -> int:
    """What members paid in the mall's stores by their receipts, less what they got back in the span."""
    sales = select(_sum(Purchase.amount_fen)).where(Purchase.mall_id == mall_id, span.holds(Purchase.occurred_at))
    return _numbers(sales)[0]


def sum_points(mall_id: int, span: Span) -> tuple[int, int]:
    """Points booked for the mall: earned by members (>= 0), and spent by them (>= 0); nothing is netted.

    What was taken back, given back, adjusted or ran out is neither.
    """
    came, left = PointsEntry.kind == EntryKind.ACCRUE, PointsEntry.kind == EntryKind.REDEEM
    numbers = _numbers(
        select(_sum(PointsEntry.points, came), _sum(-PointsEntry.points, left)).where(
            PointsEntry.mall_id == mall_id, span.holds(PointsEntry.occurred_at)
        )
    )
    return numbers[0], numbers[1]


def count_messages_sent(mall_id: int, span: Span) -> int:
    """Messages of the mall that a platform took in the span, on every channel."""
    sent = select(func.count()).where(OutreachMessage.mall_id == mall_id, span.holds(OutreachMessage.sent_at))
    return _numbers(sent)[0]


def count_cars(mall_id: int, span: Span) -> int:
    """Stays in the mall's car parks that began in the span."""
    cars = select(func.count()).where(
        ParkingSession.car_park_id.in_(_car_parks(mall_id)), span.holds(ParkingSession.entered_at)
    )
    return _numbers(cars)[0]


def sum_parking_fen(mall_id: int, span: Span) -> tuple[int, int]:
    """Parking fees settled by members in the span: in cash, and by coupons and points."""
    numbers = _numbers(
        select(_sum(ParkingPayment.cash_fen), _sum(ParkingPayment.waived_fen)).where(
            ParkingPayment.mall_id == mall_id,
            ParkingPayment.status == PaymentStatus.PAID.value,
            span.holds(ParkingPayment.paid_at),
        )
    )
    return numbers[0], numbers[1]


def list_days(mall_id: int, *, first: date, last: date) -> list[Day]:
    """Scans, joins and redemptions of each day from the first to the last, as defined above; days without any, too."""
    scans = dict(
        db.session.execute(
            select(EntranceScan.day, func.count())
            .join(Entrance, Entrance.id == EntranceScan.entrance_id)
            .where(Entrance.mall_id == mall_id, EntranceScan.day.between(first, last))
            .group_by(EntranceScan.day)
        )
        .tuples()
        .all()
    )
    joins = by_day(Member.joined_at, Member.home_mall_id == mall_id, first=first, last=last)
    live = (Redemption.mall_id == mall_id, Redemption.reversed_at.is_(None))
    redemptions = by_day(Redemption.redeemed_at, *live, first=first, last=last)
    none = (0, 0)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Day(day=day, scans=scans.get(day, 0), joins=joins.get(day, none)[0], redemptions=redemptions.get(day, none)[0])
        for day in days
    ]


def _numbers(query: Any) -> list[int]:
    return [int(number) for number in db.session.execute(query).one()]


def _sum(amount: Any, condition: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    total = func.sum(amount)
    return cast(func.coalesce(total if condition is None else total.filter(condition), 0), BigInteger)


def within_days(span: Span) -> ColumnElement[bool]:
    """The days that the span touches, for the index."""
    return EntranceScan.day.between(span.first_day, span.last_day)


def _car_parks(mall_id: int) -> Any:
    return select(CarPark.id).where(CarPark.mall_id == mall_id)
