"""The outbox of cars: WeChat Pay is told that somebody who authorised came or left, so that it knows who is on site."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Date, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.circle.models import CircleParking, Way
from app.kernel import clock, outbox
from app.kernel.db import db
from app.kernel.outbox import Claim, Pauses, Queue

# Who is on site is of no use hours later: the last try is about an hour after the first.
PARKINGS = Queue(
    CircleParking,
    lease=timedelta(minutes=1),
    pauses=Pauses(first=timedelta(seconds=2), longest=timedelta(minutes=15), most_attempts=13),
)
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody's place in a circle: the openid that they authorised it with, and what the platform calls the mall."""

    member_id: int
    mall_id: int
    mchid: str
    brand_id: int
    openid: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A car in the hands of a worker."""

    claim: Claim
    seat: Seat
    way: Way
    at: datetime
    plate: str = field(repr=False)


def note(seat: Seat, *, stay: str, way: Way, plate: str, at: datetime, now: datetime) -> None:
    """A car of theirs came or left; once for each end of a stay."""
    one = {"member_id": seat.member_id, "mall_id": seat.mall_id, "mchid": seat.mchid, "brand_id": seat.brand_id}
    one |= {"openid": seat.openid, "stay": stay, "way": way.value, "plate": plate, "passed_at": at}
    queued = {"due_at": now, "attempts": 0}
    db.session.execute(insert(CircleParking).values(**one, **queued).on_conflict_do_nothing())


def claim(*, now: datetime, limit: int) -> Sequence[Passage]:
    """Take due cars for this worker, in the order in which they passed."""
    rows = sorted(outbox.claim(PARKINGS, now=now, limit=limit), key=lambda row: (row.passed_at, row.id))
    return [_passage(row) for row in rows]


def _passage(row: CircleParking) -> Passage:
    seat = Seat(member_id=row.member_id, mall_id=row.mall_id, mchid=row.mchid, brand_id=row.brand_id, openid=row.openid)
    return Passage(outbox.claim_of(row), seat, Way(row.way), row.passed_at, row.plate)


def finish(passage: Passage, *, now: datetime) -> None:
    """The platform knows, or has no right to know any more."""
    outbox.finish(PARKINGS, passage.claim, now=now)


def postpone(passage: Passage, *, error: str, now: datetime) -> None:
    """Try again later, or give up."""
    outbox.postpone(PARKINGS, passage.claim, error=error, now=now)


class Lost(NamedTuple):
    """So many cars of a mall and day that were given up, one of their members, and what the platform said."""

    mall_id: int
    day: date
    cars: int
    member_id: int
    error: str


def list_lost() -> Sequence[Lost]:
    """Malls and days with cars that were given up, the oldest first."""
    one, day = CircleParking, cast(func.timezone(clock.MALL_ZONE.key, CircleParking.passed_at), Date)
    sums = (func.count(), func.min(one.member_id), func.max(func.coalesce(one.last_error, "")))
    dead = select(one.mall_id, day, *sums).where(one.given_up_at.is_not(None))
    rows = db.session.execute(dead.group_by(one.mall_id, day).order_by(day, one.mall_id))
    return [Lost(*row) for row in rows.tuples()]


def tell_again(mall_id: int, day: date, *, now: datetime) -> int:
    """Try a mall's lost cars of a day again from now on; returns how many."""
    return outbox.requeue_all(PARKINGS, *_of_day(mall_id, day), now=now)


def let_be(mall_id: int, day: date, *, now: datetime) -> int:
    """Nobody is to be told of a mall's lost cars of a day any more; returns how many."""
    return outbox.settle_all(PARKINGS, *_of_day(mall_id, day), now=now)


def _of_day(mall_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    began, ended = clock.day_bounds(day)
    return CircleParking.mall_id == mall_id, CircleParking.passed_at >= began, CircleParking.passed_at < ended


def sweep(*, now: datetime) -> int:
    """Drop what passed long ago; returns how many."""
    old = db.session.execute(delete(CircleParking).where(_is_old(now)).returning(CircleParking.id))
    return len(old.all())


def _is_old(now: datetime) -> ColumnElement[bool]:
    return CircleParking.passed_at < now - KEPT


def forget(person_ids: Sequence[int]) -> None:
    """Drop what would be told of somebody who leaves."""
    db.session.execute(delete(CircleParking).where(CircleParking.member_id.in_(person_ids)))
