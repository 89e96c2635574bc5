"""Stays of the past in a car park, a batch at a time; those of members' cars are visits of theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from app.flows.history import outcomes
from app.flows.history.outcomes import Outcome
from app.identity import bulk as identity_bulk
from app.identity.models import IdentityKind
from app.parking.car_parks.errors import NoTariff
from app.parking.car_parks.models import CarPark
from app.parking.sessions import bulk
from app.parking.sessions import facts as session_facts
from app.parking.sessions.bulk import Span, Stay
from app.parking.sessions.errors import StayOverlaps
from app.timeline import bulk as timeline_bulk
from app.timeline.models import EventKind

SOURCE = "gate"


class Incoming(NamedTuple):
    """A car, in its one spelling, that came and left again."""

    plate: str
    entered_at: datetime
    exited_at: datetime


def load(batch: Sequence[Incoming], car_park: CarPark) -> list[Outcome]:
    """Record stays as the gate's reports of them would, had every car been let out; one outcome each, in order.

    A car is whose plate it is now. A stay that is known is not recorded again, one that overlaps another is refused.
    Raises Busy when a member has left meanwhile: roll back and try again.
    """
    plates = {item.plate for item in batch}
    owners = identity_bulk.find_owners(IdentityKind.PLATE, plates)
    identity_bulk.lock_members(set(owners.values()))
    identity_bulk.ensure_joined(set(owners.values()))
    spans, tariffs = bulk.find_spans(car_park, plates), bulk.Tariffs(car_park)
    known = {plate: list(times) for plate, times in spans.items()}
    found, fresh = [], []
    for item in batch:
        times, tariff_id = known.setdefault(item.plate, []), tariffs.find(item.entered_at)
        outcome = _place(item, times, tariff_id, car_park)
        if outcome is outcomes.NEW and tariff_id is not None:
            times.append((item.entered_at, item.exited_at))
            fresh.append((Stay(item.plate, owners.get(item.plate), item.entered_at, item.exited_at), tariff_id))
        found.append(outcome)
    _record(car_park, fresh)
    return found


def _place(item: Incoming, times: Sequence[Span], tariff_id: int | None, car_park: CarPark) -> Outcome:
    if (item.entered_at, item.exited_at) in times:
        return outcomes.KNOWN
    if tariff_id is None:
        return outcomes.refused(NoTariff(car_park_code=car_park.code))
    overlaps = any(came <= item.exited_at and (left is None or item.entered_at <= left) for came, left in times)
    if overlaps or item.exited_at < item.entered_at:
        return outcomes.refused(StayOverlaps(plate=item.plate))
    return outcomes.NEW


def _record(car_park: CarPark, fresh: Sequence[tuple[Stay, int]]) -> None:
    public_ids = bulk.record(car_park, fresh)
    timeline_bulk.record(
        EventKind.VISITED,
        (
            (
                stay.member_id,
                session_facts.visit(public_id),
                stay.entered_at,
                car_park.mall_id,
                car_park.store_id,
                SOURCE,
            )
            for public_id, (stay, _) in zip(public_ids, fresh, strict=True)
            if stay.member_id is not None
        ),
    )
