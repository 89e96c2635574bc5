"""What another ladder would have cost in free minutes of parking: past stays of those it moves are priced once more."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.benefits.tier_benefits import benefits
from app.benefits.tier_benefits.rules import Benefits
from app.flows.consequences.uses import stays
from app.identity import people
from app.kernel import clock
from app.parking.car_parks import queries as car_parks
from app.parking.sessions import queries as sessions
from app.parking.sessions.rules import Stay
from app.tiers.rehearsals import rehearsals
from app.tiers.rehearsals.counting import Mover, Page, Parking
from app.tiers.rehearsals.models import TierRehearsal

# Stays that ended within so many days before the ladder was rehearsed.
DAYS = 90


def count_next(rehearsal: TierRehearsal, *, now: datetime) -> Page:
    """The next page of a rehearsal that is claimed, with what its movers' stays would have cost each mall."""
    page = rehearsals.count_next(rehearsal, now=now)
    return page._replace(parking=_count_parking(page.movers, until=rehearsal.asked_at, now=now))


def _count_parking(movers: Sequence[Mover], *, until: datetime, now: datetime) -> list[Parking]:
    gives = _gives(now)
    if not movers or not gives:
        return []
    of = {mover.member_id: mover for mover in movers}
    whose = dict(people.find_people(of).numbers)
    since = clock.start_of_day(clock.business_date(until) - timedelta(days=DAYS))
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in sessions.list_ended(whose, car_park_ids=gives, since=since, until=until):
        mall_id, said = gives[one.car_park_id]
        costs = _costs(one, said, of[whose[one.member_id]])
        if any(costs):
            found[mall_id] = [so_far + more for so_far, more in zip(found[mall_id], (1, *costs), strict=True)]
    return [Parking(mall_id, *sums) for mall_id, sums in sorted(found.items())]


def _gives(now: datetime) -> dict[int, tuple[int, Benefits]]:
    """By car park that gives free minutes today: its mall, and what the tiers have there."""
    today = clock.business_date(now)
    taking = [one for one in car_parks.list_active() if stays.takes_waivers(one, now=now)]
    said = {mall_id: benefits.in_force(mall_id, today) for mall_id in {one.mall_id for one in taking}}
    return {one.id: (one.mall_id, said[one.mall_id]) for one in taking if said[one.mall_id].has_free_parking}


def _costs(one: sessions.Ended, said: Benefits, mover: Mover) -> Iterable[int]:
    """What the minutes of the tier now, on the ladder's first day, and in the end take off the stay's fee, in fen."""
    minutes = [said.of(tier).parking_minutes for tier in (mover.now, mover.first, mover.last)]
    return [Stay(one.tariff, one.entered_at, one.exited_at, free_minutes=free).free_fen for free in minutes]
