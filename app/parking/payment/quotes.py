"""Quotes: what is due on a stay for the next minutes, and how the member could cover it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.benefits.coupons import queries as benefit_queries
from app.kernel import clock
from app.kernel.db import db
from app.kernel.security import codes
from app.parking.payment import free_time, gifts, queries
from app.parking.payment import rules as payment_rules
from app.parking.payment.errors import CouponNotUsable, NothingDue, QuoteExpired
from app.parking.payment.free_time import FreeTime
from app.parking.payment.models import ParkingQuote
from app.parking.payment.payments import purpose_of
from app.parking.sessions import rules
from app.parking.sessions.models import ParkingSession
from app.parking.sessions.queries import Parked
from app.points.ledger import hold_queries
from app.points.ledger import queries as points_queries
from app.points.worth import factors
from app.points.worth import rules as worth

# Between the last moment at which something can be used and the end that is not part of its time any more.
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote with the cheapest mix, and what else the member could use."""

    quote: ParkingQuote
    stay: rules.Stay
    proposal: payment_rules.Mix
    usable: Sequence[payment_rules.ParkingCoupon]
    most_points: int


def offer(member_id: int, parked: Parked, *, takes_waivers: bool, now: datetime) -> Offer:
    """Quote the stay as it is now and propose the cheapest mix, in a car park that takes coupons and points or not.

    No longer than everything it offers can be used. Raises NothingDue.
    """
    session = parked.session
    free = free_time.of(member_id, parked, now=now) if takes_waivers else free_time.NONE
    stay = parked.stay(until=now, free_minutes=free.minutes)
    if rules.due_now(stay, exit_by=session.exit_by) == 0:
        raise NothingDue
    usable = list_usable(member_id, parked, now=now) if takes_waivers else []
    balance = points_queries.get_balance(member_id, now=now)
    held = _held_points(member_id, session, now=now)
    available_points = balance.available_points + max(held - balance.debt_points, 0) if takes_waivers else 0
    ends = [coupon.valid_until - _MOMENT for coupon in usable]
    if available_points and balance.expiring_on is not None:
        ends.append(clock.end_of_day(balance.expiring_on) - _MOMENT)
    until = min([now + payment_rules.QUOTE_VALID, *ends])
    quote = _write(member_id, session, stay, free, valid_until=until, now=now)
    factor_bps = quote.points_factor_bps
    return Offer(
        quote=quote,
        stay=stay,
        proposal=payment_rules.propose(stay, usable, available_points, factor_bps=factor_bps),
        usable=usable,
        most_points=worth.cover(stay.open_fen, available_points, factor_bps)[0],
    )


def _write(
    member_id: int, session: ParkingSession, stay: rules.Stay, free: FreeTime, *, valid_until: datetime, now: datetime
) -> ParkingQuote:
    quote = ParkingQuote(
        member_id=member_id,
        public_id=codes.new_public_id(),
        session_id=session.id,
        quoted_at=now,
        valid_until=valid_until,
        fee_fen=stay.fee_fen,
        settled_fen=stay.settled_fen,
        due_fen=stay.due_fen,
        points_factor_bps=factors.at(now),
        tier_code=free.tier if free.minutes else None,
        tier_minutes=free.minutes,
    )
    db.session.add(quote)
    db.session.flush()
    return quote


def list_usable(member_id: int, parked: Parked, *, now: datetime) -> list[payment_rules.ParkingCoupon]:
    """Coupons the stay could use: the free ones, and those its own unfinished payment holds."""
    plate = parked.session.plate
    held_for_plate = benefit_queries.list_usable_parking(
        member_id, mall_id=parked.car_park.mall_id, plate=plate, now=now
    )
    free = gifts.takeable(held_for_plate, plate, now=now)
    unfinished = queries.find_awaiting(member_id, session_id=parked.session.id)
    held = [] if unfinished is None else benefit_queries.list_reserved(member_id, purpose=purpose_of(unfinished))
    return [
        *(payment_rules.ParkingCoupon(coupon.id, coupon.parking_minutes, coupon.valid_until) for coupon in free),
        *(
            payment_rules.ParkingCoupon(facts.coupon_id, facts.parking_minutes, facts.valid_until)
            for facts in held
            if facts.valid_until > now
        ),
    ]


def _held_points(member_id: int, session: ParkingSession, *, now: datetime) -> int:
    """What the stay's unfinished payment would give back that is not over."""
    unfinished = queries.find_awaiting(member_id, session_id=session.id)
    if unfinished is None:
        return 0
    return hold_queries.count_returnable(member_id, purpose_of(unfinished), now=now)


def chosen(
    usable: Sequence[payment_rules.ParkingCoupon], coupon_ids: Sequence[int]
) -> list[payment_rules.ParkingCoupon]:
    """The usable coupons a member chose, each once; raises CouponNotUsable."""
    by_id = {hours.coupon_id: hours for hours in usable}
    for coupon_id in coupon_ids:
        if coupon_id not in by_id:
            raise CouponNotUsable(coupon_id=str(coupon_id))
    return [by_id[coupon_id] for coupon_id in sorted(set(coupon_ids))]


def ensure_current(quote: ParkingQuote, session: ParkingSession, *, now: datetime) -> None:
    """Whether the quote still says what is due on a locked stay; raises QuoteExpired and NothingDue."""
    if session.exited_at is not None:
        raise NothingDue
    ensure_in_time(quote, now=now)
    if session.settled_fen != quote.settled_fen or (quote.tier_minutes and session.tier_minutes):
        raise QuoteExpired


def ensure_in_time(quote: ParkingQuote, *, now: datetime) -> None:
    """Raises QuoteExpired when its minutes are over, or something that it offered."""
    if now > quote.valid_until:
        raise QuoteExpired
