"""What becomes of standings when two members turn out to be one, and when that was wrong."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.kernel import clock
from app.kernel.db import db
from app.tiers.growth import growth
from app.tiers.ladders import ladders
from app.tiers.standings import queries, standings
from app.tiers.standings.models import TierNotice, TierStanding, Why
from app.tiers.standings.rules import Held


def counting_of(member_id: int, *, now: datetime) -> int:
    """What of a member's growth counts for rising now: as much goes over to another in a merge."""
    stand = standings.read(member_id, now=now)
    after = None if stand is None else stand.ladder.counts_after(now)
    return growth.counted(member_id, after=after, until=now)


def hand_over(giver: int, *, to: int, now: datetime) -> dict[str, Any] | None:
    """The one who stays stands where the other did, if that is higher, until the other's period ends.

    What both have earned in that period counts for it. Returns where the one who stays stood, and where the other, for
    whoever undoes it; None where nobody had risen.
    """
    if ladders.find(clock.business_date(now)) is None:
        return None
    growth.hold([giver, to])
    given, own = queries.stand_of(giver, now=now), queries.stand_of(to, now=now)
    if given.held is None:
        return None
    close(giver, now=now)
    theirs = standings.of_period(giver, given.held, until=now)
    if given.rank > own.rank:
        brought = theirs + growth.counted(to, after=given.held.began_at, until=now)
        standings.write(to, Held(given.tier, now, given.held.ends_at, Why.MERGED, given.held.counted, brought))
    held = None if own.held is None else _data(own.held, standings.of_period(to, own.held, until=now))
    return {"at": now.isoformat(), "given": _data(given.held, theirs), "own": held}


def hand_back(carried: dict[str, Any] | None, *, of: int, to: int, now: datetime) -> None:
    """Each stands again where they stood, as far as that period is not over; growth moved next may raise them.

    What one of them has earned since the merge is theirs who stayed.
    """
    if carried is None:
        return
    growth.hold([of, to])
    standings.write(to, _held(carried["given"], carried["given"].get("grown", 0), now=now))
    current = db.session.scalar(
        select(TierStanding).where(TierStanding.member_id == of, TierStanding.replaced_at.is_(None))
    )
    merged_at = datetime.fromisoformat(carried["at"])
    if current is None or current.began_at < merged_at:
        return  # what the merge brought is no more what they stand on
    if carried["own"] is not None:
        brought = growth.counted(of, after=merged_at, until=now, brought=carried["own"].get("grown", 0))
        standings.write(of, _held(carried["own"], brought, now=now))
    else:
        close(of, now=now)


def leave(member_ids: Collection[int], *, now: datetime) -> None:
    """Who leaves stands nowhere any more, and is told nothing."""
    for member_id in member_ids:
        close(member_id, now=now)
    db.session.execute(delete(TierNotice).where(TierNotice.member_id.in_(list(member_ids))))


def close(member_id: int, *, now: datetime) -> None:
    """Let the member stand nowhere from now on: their number is another's, or they have left."""
    current = (TierStanding.member_id == member_id, TierStanding.replaced_at.is_(None))
    db.session.execute(
        update(TierStanding).where(*current).values(replaced_at=now).execution_options(synchronize_session="fetch")
    )


def _data(held: Held, grown: int) -> dict[str, Any]:
    """A standing with the growth of its period so far."""
    ends_at = None if held.ends_at is None else held.ends_at.isoformat()
    return {"tier": held.tier, "ends_at": ends_at, "counted": held.counted, "grown": grown}


def _held(data: dict[str, Any], brought: int, *, now: datetime) -> Held:
    """As it was; on the lowest rung when that period is over by now: the growth that comes back raises again."""
    ends_at = None if data["ends_at"] is None else datetime.fromisoformat(data["ends_at"])
    if ends_at is not None and ends_at <= now:
        return Held(ladders.in_force(clock.business_date(now)).rungs[0].code, now, None, Why.PARTED)
    return Held(data["tier"], now, ends_at, Why.PARTED, data["counted"], brought)
