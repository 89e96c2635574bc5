"""Minutes that a member's tier gives of every stay in the mall's car parks: once in a stay, by the tier of the day."""

from dataclasses import dataclass
from datetime import datetime

from app.benefits.tier_benefits import benefits
from app.kernel import clock
from app.parking.sessions.queries import Parked
from app.tiers.standings import queries as standings


@dataclass(frozen=True, slots=True)
class FreeTime:
    """So many minutes (>= 0) by a tier."""

    tier: str
    minutes: int


NONE = FreeTime("", 0)


def of(member_id: int, parked: Parked, *, now: datetime) -> FreeTime:
    """What the member's tier gives now of a stay; nothing of one that has had its minutes."""
    said = benefits.in_force(parked.car_park.mall_id, clock.business_date(now))
    if parked.session.tier_minutes or not said.has_free_parking:
        return NONE
    tier = standings.stand_of(member_id, now=now).tier
    return FreeTime(tier, said.of(tier).parking_minutes)
