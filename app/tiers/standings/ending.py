"""What is due by time: standings whose period has ended, new ladders brought to everybody, and notices ahead of an end.

Each does one batch, may run twice at once and goes on where it was.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock, versions
from app.kernel.db import db
from app.kernel.runs import rounds
from app.tiers.growth import growth
from app.tiers.growth.models import GrowthAccount
from app.tiers.ladders import documents, ladders
from app.tiers.ladders.models import LadderRound, TierLadder
from app.tiers.ladders.rules import Ladder
from app.tiers.standings import rules, standings
from app.tiers.standings.models import TierNotice, TierStanding, Why

NOTICE_AHEAD = timedelta(days=15)


def settle_due(*, now: datetime, limit: int) -> int:
    """Write what the ends of periods made of up to so many standings; returns of how many."""
    due = (
        select(TierStanding.member_id)
        .where(TierStanding.replaced_at.is_(None), TierStanding.ends_at <= now)
        .order_by(TierStanding.ends_at)
        .limit(limit)
    )
    found = sorted(db.session.scalars(due))
    for member_id in found:
        growth.lock(member_id)
        stand = standings.read(member_id, now=now)
        if stand is not None:
            standings.settle(member_id, stand, now=now)
    return len(found)


def bring_ladder(*, now: datetime, limit: int) -> int:
    """Bring the ladder of today to up to so many members who have growth; returns to how many."""
    version = versions.find_at(TierLadder, at=clock.business_date(now))
    if version is None:
        return 0
    progress = db.session.get(LadderRound, version.id, populate_existing=True)
    if progress is not None and progress.done_at is not None:
        return 0
    reached = 0 if progress is None else progress.reached_id
    member_ids = _list_grown(documents.to_ladder(version.document), after=reached, limit=limit)
    for member_id in member_ids:
        account = growth.lock(member_id)
        standings.rise_by_ladder(member_id, growth_value=account.growth, now=now)
    done_at = now if len(member_ids) < limit else None
    rounds.note(LadderRound, ladder_id=version.id, reached=max([reached, *member_ids]), done_at=done_at)
    return len(member_ids)


def _list_grown(ladder: Ladder, *, after: int, limit: int) -> Sequence[int]:
    """Members whom a ladder may move: who have growth for the second rung, or stand somewhere already."""
    standing = (TierStanding.member_id == GrowthAccount.member_id) & TierStanding.replaced_at.is_(None)
    is_grown = GrowthAccount.growth >= ladder.rungs[1].threshold
    return db.session.scalars(
        select(GrowthAccount.member_id)
        .outerjoin(TierStanding, standing)
        .where(GrowthAccount.member_id > after, is_grown | TierStanding.member_id.is_not(None))
        .order_by(GrowthAccount.member_id)
        .limit(limit)
    ).all()


class Noticed(NamedTuple):
    """How many standings were looked at, how many notices are new, and the last member."""

    looked_at: int
    made: int
    last: int


def make_notices(*, now: datetime, after: int, limit: int) -> Noticed | None:
    """Note who of so many members behind a number is to be told that their period will take them down, each once.

    None when there are no more.
    """
    due = (
        select(TierStanding, growth.counting_of(TierStanding.member_id, after=TierStanding.began_at))
        .where(
            TierStanding.replaced_at.is_(None),
            TierStanding.ends_at > now,
            TierStanding.ends_at <= now + NOTICE_AHEAD,
            TierStanding.member_id > after,
        )
        .order_by(TierStanding.member_id)
        .limit(limit)
    )
    looked_at = db.session.execute(due).tuples().all()
    told = [notice for row, so_far in looked_at if (notice := _notice(row, max(row.brought + int(so_far), 0), now=now))]
    made = db.session.scalars(_MADE, told).all() if told else ()
    return Noticed(len(looked_at), len(made), looked_at[-1][0].member_id) if looked_at else None


_MADE = insert(TierNotice).on_conflict_do_nothing().returning(TierNotice.member_id)


def _notice(row: TierStanding, so_far: int, *, now: datetime) -> dict[str, Any] | None:
    """What there is to tell of a standing that would end lower if nothing more were earned."""
    held = standings.to_held(row)
    if held.ends_at is None:
        return None
    ends_on = clock.business_date(held.ends_at)
    ladder = ladders.in_force(ends_on)
    then = rules.after_end(held, ladder, counted=so_far)
    if then.why is not Why.FALLEN:
        return None
    return {
        "member_id": row.member_id,
        "standing_id": row.id,
        "tier_code": held.tier,
        "falls_to": then.tier,
        "missing": ladder.rung_of(held.tier).threshold - so_far,
        "ends_on": ends_on,
        "made_at": now,
    }
