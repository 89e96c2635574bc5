"""Where a page of members stands, would stand on the first day of another ladder, and would stand in the end."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.identity.models import Member, MemberStatus
from app.kernel import clock
from app.kernel.db import db
from app.tiers.growth import growth
from app.tiers.ladders.rules import AtEnd, Ladder
from app.tiers.standings import queries as standings

_Key = tuple[int, str, str, str]


class Group(NamedTuple):
    """So many members of a mall: where they stand, on the first day, and in the end, by codes.

    `growth` is what they have got in the last twelve months.
    """

    mall_id: int
    now: str
    first: str
    last: str
    members: int
    growth: int


class Mover(NamedTuple):
    """A member whose tier the ladder would change, on its first day or in the end."""

    member_id: int
    now: str
    first: str
    last: str


class Parking(NamedTuple):
    """What free minutes of parking on so many past stays of movers would have cost a mall (fen), by each tier's."""

    mall_id: int
    stays: int
    now_fen: int
    first_fen: int
    last_fen: int


class Page(NamedTuple):
    """What was counted of members behind a number: how many, the last of them, their groups, and who moves.

    `parking` is filled in by whoever knows stays.
    """

    looked_at: int
    last_id: int
    groups: Sequence[Group]
    movers: Sequence[Mover]
    parking: Sequence[Parking] = ()


def count_members() -> int:
    """How many members there are."""
    joined = select(func.count()).select_from(Member).where(Member.status == MemberStatus.MEMBER.value)
    return db.session.scalar(joined) or 0


def count_page(ladder: Ladder, *, after: int, now: datetime, limit: int) -> Page:
    """One page of members. On its first day a ladder only lifts; in the end it is where a period's growth reaches.

    That day is tomorrow at the earliest: growth that by then lies too far back lifts nobody. The end is told by
    the same growth, as if everybody went on like that; where the end of a period takes nobody down, nobody goes down.
    """
    rows = db.session.execute(
        select(Member.id, Member.home_mall_id)
        .where(Member.status == MemberStatus.MEMBER.value, Member.id > after)
        .order_by(Member.id)
        .limit(limit)
    ).all()
    ids = [member_id for member_id, _ in rows]
    codes = standings.codes_of(ids, now=now)
    first_day = clock.end_of_day(clock.business_date(now))
    counting = growth.counted_of(ids, after=ladder.counts_after(first_day), until=now)
    a_year_ago = clock.start_of_day(clock.add_months(clock.business_date(now), -12))
    yearly = growth.counted_of(ids, after=a_year_ago, until=now)
    found: dict[_Key, list[int]] = defaultdict(lambda: [0, 0])
    movers = []
    for member_id, mall_id in rows:
        reached = ladder.reached(counting.get(member_id, 0)).code
        first = ladder.higher(codes[member_id], reached)
        is_kept = ladder.period_months is None or ladder.at_end is AtEnd.KEPT
        last = first if is_kept else reached
        sums = found[mall_id, codes[member_id], first, last]
        sums[0] += 1
        sums[1] += yearly.get(member_id, 0)
        if {first, last} != {codes[member_id]}:
            movers.append(Mover(member_id, codes[member_id], first, last))
    return Page(len(ids), ids[-1] if ids else after, _groups(found), movers)


def merged(one: Iterable[Sequence[Any]], other: Iterable[Group]) -> list[Group]:
    """Groups of two pages as those of both."""
    found: dict[_Key, list[int]] = defaultdict(lambda: [0, 0])
    for mall_id, now, first, last, members, grown in (*one, *other):
        sums = found[mall_id, now, first, last]
        sums[0] += members
        sums[1] += grown
    return _groups(found)


def merged_parking(one: Iterable[Sequence[int]], other: Iterable[Parking]) -> list[Parking]:
    """What stays of two pages cost as those of both."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for mall_id, *sums in (*one, *other):
        found[mall_id] = [so_far + more for so_far, more in zip(found[mall_id], sums, strict=True)]
    return [Parking(mall_id, *sums) for mall_id, sums in sorted(found.items())]


def _groups(found: Mapping[_Key, Sequence[int]]) -> list[Group]:
    return [Group(*key, members=members, growth=grown) for key, (members, grown) in sorted(found.items())]
