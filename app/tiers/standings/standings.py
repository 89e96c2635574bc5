"""Standings move: up with the growth that reaches a tier, down when what a rise stood on is taken back, and at the end
of a period. Whoever calls holds the member's growth account.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal, select, update

from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.fastpath.prepared import Prepared
from app.tiers.growth import growth
from app.tiers.growth.growth import Entered
from app.tiers.growth.models import GrowthEntry
from app.tiers.ladders import documents, ladders
from app.tiers.ladders.rules import Ladder
from app.tiers.standings import rules
from app.tiers.standings.models import TierStanding, Why
from app.tiers.standings.rules import Held


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a member stands by the ladder of a day; `held` is None on the lowest rung that nothing led to."""

    ladder: Ladder
    held: Held | None

    @property
    def tier(self) -> str:
        """The tier's code."""
        return self.ladder.rungs[0].code if self.held is None else self.held.tier

    @property
    def rank(self) -> int:
        """How many rungs lie below."""
        return self.ladder.rank_of(self.tier)


_ROW = table_of(TierStanding)
# Within another statement: a member's row, joined by the parameter `member_id`, and its columns; see `to_held`.
CURRENT = _ROW
IS_CURRENT = (_ROW.c.member_id == bindparam("member_id")) & _ROW.c.replaced_at.is_(None)
COLUMNS = (
    _ROW.c.id.label("standing_id"),
    _ROW.c.tier_code,
    _ROW.c.began_at,
    _ROW.c.ends_at,
    _ROW.c.why,
    _ROW.c.counted,
    _ROW.c.brought,
)
_STAND = Prepared(
    select(ladders.DOCUMENT.label("document"), *COLUMNS).select_from(
        select(literal(1).label("one")).subquery("one").outerjoin(CURRENT, IS_CURRENT)
    )
)


def to_held(row: Any) -> Held:
    """A row's standing."""
    return Held(row.tier_code, row.began_at, row.ends_at, Why(row.why), row.counted, row.brought)


def find_held(row: Any) -> Held | None:
    """The same of a row that may be empty, because the member has no standing."""
    return None if row.standing_id is None else to_held(row)


def read(member_id: int, *, now: datetime) -> Stand | None:
    """Where the rows say a member stands, periods that have ended meanwhile not counted in; None without any ladder."""
    row = _STAND.first(member_id=member_id, today=clock.business_date(now))
    if row.document is None:
        return None
    return Stand(documents.to_ladder(row.document), find_held(row))


_LATEST = Prepared(
    select(
        func.greatest(
            select(func.max(GrowthEntry.occurred_at))
            .where(GrowthEntry.member_id == bindparam("of_member"))
            .scalar_subquery(),
            select(_ROW.c.began_at)
            .where(_ROW.c.member_id == bindparam("of_member"), _ROW.c.replaced_at.is_(None))
            .scalar_subquery(),
        ).label("at")
    )
)


def moment_of(member_id: int, at: datetime) -> datetime:
    """When growth of an earlier moment moves its member: then, or when what is known since has moved them last."""
    latest = _LATEST.first(of_member=member_id).at
    return at if latest is None else max(at, latest)


def follow(member_id: int, entered: Entered, *, now: datetime) -> str | None:
    """Move the member to where their growth takes them now; returns the tier they have risen to, if they have."""
    stand = read(member_id, now=now)
    if stand is None:
        return None
    stand = settle(member_id, stand, now=now)
    if entered.change < 0 and _take_down(member_id, stand, now=now):
        return None
    return _raise(member_id, stand, entered.growth_after, why=Why.RISEN, now=now)


def settle(member_id: int, stand: Stand, *, now: datetime) -> Stand:
    """Write what the ends of periods made of a standing up to now, and the first period of one that had none."""
    held = stand.held
    for follower in ends_of(member_id, held, now=now):
        write(member_id, follower)
        held = follower
    if held is not None and held.ends_at is None and stand.ladder.period_end(held.tier, now) is not None:
        held = rules.begin(stand.ladder, held.tier, at=now, why=Why.KEPT, counted=held.counted)
        write(member_id, held)
    return Stand(stand.ladder, held)


def ends_of(member_id: int, held: Held | None, *, now: datetime) -> list[Held]:
    """The standings that have followed one by now, each decided by the ladder of the day its period ended on."""
    found: list[Held] = []
    while held is not None and held.ends_at is not None and held.is_over(now):
        counted = of_period(member_id, held, until=held.ends_at)
        held = rules.after_end(held, ladders.in_force(clock.business_date(held.ends_at)), counted=counted)
        found.append(held)
    return found


def of_period(member_id: int, held: Held, *, until: datetime) -> int:
    """The growth of a standing's period by a moment."""
    return growth.counted(member_id, after=held.began_at, until=until, brought=held.brought)


def rise_by_ladder(member_id: int, *, growth_value: int, now: datetime) -> str | None:
    """Bring the ladder of today to a member: up where it lets them, a period where their standing has none."""
    stand = read(member_id, now=now)
    if stand is None:
        return None
    return _raise(member_id, settle(member_id, stand, now=now), growth_value, why=Why.LADDER, now=now)


def _raise(member_id: int, stand: Stand, growth_value: int, *, why: Why, now: datetime) -> str | None:
    above = stand.ladder.above(stand.tier)
    if above is None or growth_value < above.threshold:  # no part of the growth is more than all of it
        return None
    counted = growth.counted(member_id, after=stand.ladder.counts_after(now), until=now)
    reached = stand.ladder.reached(counted).code
    if stand.ladder.rank_of(reached) <= stand.rank:
        return None
    write(member_id, rules.begin(stand.ladder, reached, at=now, why=why, counted=counted))
    return reached


def _take_down(member_id: int, stand: Stand, *, now: datetime) -> bool:
    """Leave a tier whose growth was taken back for what still holds; False when it holds."""
    held = stand.held
    if held is None or stand.rank == 0 or held.why not in (Why.RISEN, Why.LADDER, Why.OPENING, Why.TAKEN_BACK):
        return False
    counted = growth.counted(member_id, after=stand.ladder.counts_after(now), until=now)
    floor = _still_holds(member_id, stand.ladder, now=now)
    reached = stand.ladder.reached(counted).code
    tier = reached if floor is None else stand.ladder.higher(reached, floor.tier)
    if stand.ladder.rank_of(tier) >= stand.rank:
        return False
    fallen = rules.begin(stand.ladder, tier, at=now, why=Why.TAKEN_BACK, counted=counted)
    if floor is not None and floor.tier == tier:
        brought = of_period(member_id, floor, until=now)
        fallen = Held(tier, now, floor.ends_at, Why.TAKEN_BACK, counted, brought)
    write(member_id, fallen)
    return True


def _still_holds(member_id: int, ladder: Ladder, *, now: datetime) -> Held | None:
    """The latest standing whose period is not over and whose growth is still there, as far back as the last end."""
    rows = select(TierStanding).where(TierStanding.member_id == member_id, TierStanding.began_at <= now)
    for row in db.session.scalars(rows.order_by(TierStanding.began_at.desc(), TierStanding.id.desc())):
        held = to_held(row)
        if held.why is Why.TAKEN_BACK:
            continue
        if held.why not in (Why.RISEN, Why.LADDER, Why.OPENING):
            return None if held.is_over(now) else held
        since = growth.counted(member_id, after=ladder.counts_after(held.began_at), until=now)
        if not held.is_over(now) and since >= ladder.rung_of(held.tier).threshold:
            return held
    return None


_REPLACE = Prepared(
    update(_ROW)
    .where(_ROW.c.member_id == bindparam("of_member"), _ROW.c.replaced_at.is_(None))
    .values(replaced_at=func.greatest(_ROW.c.began_at, bindparam("began", type_=_ROW.c.began_at.type)))
    .returning(_ROW.c.replaced_at)
)


def write(member_id: int, held: Held) -> None:
    """Let a standing follow the one there is; it begins no earlier than that one, whatever two clocks say."""
    replaced = _REPLACE.first(of_member=member_id, began=held.began_at)
    db.session.add(
        TierStanding(
            member_id=member_id,
            tier_code=held.tier,
            began_at=held.began_at if replaced is None else replaced.replaced_at,
            ends_at=held.ends_at,
            replaced_at=None,
            why=held.why.value,
            counted=held.counted,
            brought=held.brought,
        )
    )
    db.session.flush()
