"""Growth of behaviour: what members did on a day that is over, as the timeline tells it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, Date, bindparam, cast, func, or_, select

from app.identity import bulk as members
from app.identity import people
from app.identity.models import Member, MemberStatus
from app.kernel import clock
from app.kernel.db import db
from app.kernel.reasons import Reason
from app.kernel.runs import rounds
from app.tiers import crediting, facts
from app.tiers.growth import growth, rule_sets
from app.tiers.growth.bulk import Credit
from app.tiers.growth.models import GrowthDay
from app.timeline.models import PRESENCE, EventKind, TimelineEvent

# Done by themselves, wherever they were; what gives growth of its own is not among it.
INTERACTIONS = frozenset(
    {
        EventKind.SCANNED,
        EventKind.COUPON_CLAIMED,
        EventKind.WECOM_ADDED,
        EventKind.GROUP_JOINED,
        EventKind.BROWSED,
    }
)
# What is told later than that of a day gives no growth any more: an import of years is history, not a visit.
TOLD_WITHIN = timedelta(days=31)


class Behaved(NamedTuple):
    """On how many occasions a member was in the mall and took part on a day."""

    member_id: int
    day: date
    visits: int
    interactions: int


def next_day(*, now: datetime) -> tuple[date, int] | None:
    """The first day that is over and not wholly turned into growth, with how far it is; None when all are."""
    return rounds.next_day(GrowthDay, now=now)


def credit_day(day: date, *, after: int, now: datetime, limit: int) -> int:
    """Give growth for what was told on a day of up to so many members behind a number; returns of how many."""
    behaved = _list_behaved(day, after=after, limit=limit)
    numbers = {one.member_id for one in behaved}
    credits = [credit for one in _of_members(behaved) for credit in _credits(one, now=now)]
    members.lock_members({one.member_id for one in credits})
    given = growth.list_entered([(one.member_id, one.fact) for one in credits])
    crediting.credit_all([one for one in credits if (one.member_id, one.fact) not in given])
    rounds.note(GrowthDay, day=day, reached=max([after, *numbers]), done_at=now if len(numbers) < limit else None)
    return len(numbers)


def _of_members(behaved: Sequence[Behaved]) -> list[Behaved]:
    """The same of who has joined by then, each as who they are now."""
    whose = dict(people.find_people({one.member_id for one in behaved}).numbers)
    found: dict[tuple[int, date], Behaved] = {}
    for one in behaved:
        member_id = whose.get(one.member_id)
        if member_id is not None:
            same = found.get((member_id, one.day), Behaved(member_id, one.day, 0, 0))
            visits, interactions = same.visits + one.visits, same.interactions + one.interactions
            found[member_id, one.day] = Behaved(member_id, one.day, visits, interactions)
    joined = _joined_on({member_id for member_id, _ in found})
    return [one for one in found.values() if one.member_id in joined and joined[one.member_id] <= one.day]


def _joined_on(member_ids: Collection[int]) -> dict[int, date]:
    rows = select(Member.id, Member.joined_at).where(
        Member.id == func.any(bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()))),
        Member.status == MemberStatus.MEMBER.value,
    )
    return {member_id: clock.business_date(at) for member_id, at in db.session.execute(rows).tuples() if at}


def _credits(behaved: Behaved, *, now: datetime) -> list[Credit]:
    """What the rules of its day give for it."""
    rules, day = rule_sets.in_force(behaved.day), behaved.day.isoformat()
    times = min(behaved.interactions, rules.interactions_a_day)
    visited = Reason("growth_visit", {"day": day})
    took_part = Reason("growth_interaction", {"day": day, "times": str(times)})
    found = [
        (rules.visit_growth if behaved.visits else 0, visited, facts.visit_day(behaved.day)),
        (rules.interaction_growth * times, took_part, facts.interaction_day(behaved.day)),
    ]
    return [Credit(behaved.member_id, value, reason, fact, now) for value, reason, fact in found if value]


def _list_behaved(day: date, *, after: int, limit: int) -> Sequence[Behaved]:
    """What was done on the day, and what was told on it of earlier ones, by the numbers it was written with."""
    one = TimelineEvent
    start, end = clock.start_of_day(day), clock.end_of_day(day)
    told = or_(
        one.late_on.is_(None) & (one.occurred_at >= start) & (one.occurred_at < end),
        (one.late_on == day) & (one.occurred_at >= start - TOLD_WITHIN),
    )
    wanted = (told, one.kind.in_(sorted(PRESENCE | INTERACTIONS)), one.member_id > after)
    numbers = db.session.scalars(
        select(one.member_id).where(*wanted).distinct().order_by(one.member_id).limit(limit)
    ).all()
    on = cast(func.timezone(clock.MALL_ZONE.key, one.occurred_at), Date)
    rows = (
        select(
            one.member_id,
            on.label("day"),
            func.count().filter(one.kind.in_(sorted(PRESENCE))),
            func.count().filter(one.kind.in_(sorted(INTERACTIONS))),
        )
        .where(*wanted, one.member_id <= max(numbers, default=after))
        .group_by(one.member_id, on)
        .order_by(one.member_id, on)
    )
    return [Behaved(*row) for row in db.session.execute(rows).tuples()]
