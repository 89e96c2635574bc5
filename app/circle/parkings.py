"""The outbox of cars: WeChat Pay is told that somebody who authorised came or left, so that it knows who is on site."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlalchemy.dialects.postgresql import insert

from app.circle.models import CircleParking, Way
from app.kernel import outbox
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


def list_dead(*, limit: int) -> Sequence[CircleParking]:
    """Those that were given up, the oldest first."""
    return outbox.list_dead(PARKINGS, limit=limit)


def sweep(*, now: datetime) -> int:
    """Drop what passed long ago; returns how many."""
    old = db.session.execute(delete(CircleParking).where(_is_old(now)).returning(CircleParking.id))
    return len(old.all())


def _is_old(now: datetime) -> ColumnElement[bool]:
    return CircleParking.passed_at < now - KEPT


def forget(person_ids: Sequence[int]) -> None:
    """Drop what would be told of somebody who leaves."""
    db.session.execute(delete(CircleParking).where(CircleParking.member_id.in_(person_ids)))
