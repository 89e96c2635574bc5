"""Reading stays, above all a member's open ones."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, Select, bindparam, func, select

from app.identity.models import IdentityKind, MemberIdentity
from app.kernel.db import db
from app.malls.models import Mall
from app.parking.car_parks import rules, tariffs
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.parking.sessions import rules as session_rules
from app.parking.sessions.errors import SessionNotFound
from app.parking.sessions.models import ParkingSession, SessionNote


@dataclass(frozen=True, slots=True)
class Parked:
    """A member's car in a car park, with the tariff of its entry."""

    session: ParkingSession
    car_park: CarPark
    mall: Mall
    tariff: rules.Tariff

    def stay(self, *, until: datetime, free_minutes: int = 0) -> session_rules.Stay:
        """The stay up to a moment, as the rules see it."""
        begun, settled_fen = self.session.entered_at, self.session.settled_fen
        return session_rules.Stay(self.tariff, begun, until, settled_fen, free_minutes)


def _select_parked() -> Select[tuple[ParkingSession, CarPark, Mall, ParkingTariff]]:
    return (
        select(ParkingSession, CarPark, Mall, ParkingTariff)
        .join(CarPark, CarPark.id == ParkingSession.car_park_id)
        .join(Mall, Mall.id == CarPark.mall_id)
        .join(ParkingTariff, ParkingTariff.id == ParkingSession.tariff_id)
    )


def _select_parked_of(member_id: int) -> Select[tuple[ParkingSession, CarPark, Mall, ParkingTariff]]:
    """Open stays of the plates that are the member's now, whoever had them when the car came."""
    is_theirs = (
        (MemberIdentity.kind == IdentityKind.PLATE.value)
        & (MemberIdentity.value == ParkingSession.plate)
        & (MemberIdentity.member_id == member_id)
    )
    return _select_parked().join(MemberIdentity, is_theirs).where(ParkingSession.exited_at.is_(None))


def list_parked(member_id: int) -> list[Parked]:
    """The member's cars that are in a car park now, the last arrived first."""
    rows = db.session.execute(
        _select_parked_of(member_id).order_by(ParkingSession.entered_at.desc(), ParkingSession.id.desc())
    )
    return [Parked(session, car_park, mall, tariffs.to_tariff(tariff)) for session, car_park, mall, tariff in rows]


def get_parked(member_id: int, session_public_id: str) -> Parked:
    """The member's open stay; raises SessionNotFound, also for other people's."""
    row = db.session.execute(_select_parked_of(member_id).where(ParkingSession.public_id == session_public_id)).first()
    if row is None:
        raise SessionNotFound
    session, car_park, mall, tariff = row
    return Parked(session, car_park, mall, tariffs.to_tariff(tariff))


def lock_session(session_id: int) -> ParkingSession:
    """The session FOR UPDATE as it is now; after member, coupons and points account in the lock order."""
    return db.session.scalars(
        select(ParkingSession)
        .where(ParkingSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def get_tariff_of(session: ParkingSession) -> rules.Tariff:
    """The tariff a stay is priced by."""
    version = db.session.scalars(select(ParkingTariff).where(ParkingTariff.id == session.tariff_id)).one()
    return tariffs.to_tariff(version)


class Ended(NamedTuple):
    """A stay that is over, whose it was (the number it was written with), and the tariff of its entry."""

    car_park_id: int
    member_id: int
    entered_at: datetime
    exited_at: datetime
    tariff: rules.Tariff


# One of its two ends is not known.
_HALF_KNOWN = (SessionNote.EXIT_MISSED.value, SessionNote.ENTRY_MISSED.value)


def list_ended(
    member_ids: Collection[int], *, car_park_ids: Collection[int], since: datetime, until: datetime
) -> Iterator[Ended]:
    """Stays of these members in these car parks that ended from one moment to another (exclusive)."""
    one = ParkingSession
    known = {
        version.id: tariffs.to_tariff(version)
        for version in db.session.scalars(select(ParkingTariff).where(ParkingTariff.car_park_id.in_(car_park_ids)))
    }
    rows = db.session.execute(
        select(one.car_park_id, one.member_id, one.entered_at, one.exited_at, one.tariff_id).where(
            one.member_id == func.any(bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()))),
            one.car_park_id.in_(car_park_ids),
            one.exited_at >= since,
            one.exited_at < until,
            func.coalesce(one.note, "").not_in(_HALF_KNOWN),
        )
    )
    for row in rows:
        yield Ended(row.car_park_id, row.member_id, row.entered_at, row.exited_at, known[row.tariff_id])
