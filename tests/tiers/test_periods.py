"""Growth of a period that another standing goes on with: after a refund, a merge, and a merge that was undone."""

from datetime import date

import pytest
from sqlalchemy import select

from app.access import audit
from app.flows.members import merging
from app.identity.models import Member
from app.kernel.db import db, table_of
from app.tiers.ladders import ladders
from app.tiers.standings import queries, sql, standings
from app.tiers.standings.models import TierStanding
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.support.clock import StillClock
from tests.tiers import yearly
from tests.tiers.yearly import BEGUN, YEARLY, at, grow, stands

END = date(2027, 3, 1)


@pytest.fixture
def member(clock: StillClock) -> Member:
    return yearly.begin(clock)


def so_far(member: Member, day: date) -> int:
    held = queries.stand_of(member.id, now=at(day)).held
    assert held is not None
    return standings.of_period(member.id, held, until=at(day))


def by_sql(member: Member, day: date) -> str:
    row = table_of(TierStanding)
    said = select(sql.tier_code(row.c, ladders.list_dated(), at=at(day)))
    return db.session.scalars(said.where(row.c.member_id == member.id, row.c.replaced_at.is_(None))).one()


# The period had 1,500 before what raised them was returned.
@pytest.mark.parametrize(
    ("later", "tier"), [([500], "gold"), ([499], "silver"), ([-600, 1_100], "gold"), ([-600, 1_099], "silver")]
)
def test_after_a_refund_the_growth_of_the_whole_period_counts(member: Member, later: list[int], tier: str) -> None:
    grow(member, 2_000, "a", BEGUN)
    grow(member, 1_500, "b", date(2026, 4, 1))
    assert grow(member, 8_500, "c", date(2026, 9, 1)) == "platinum"
    grow(member, -8_500, "d", date(2026, 9, 2))
    assert so_far(member, date(2026, 9, 2)) == 1_500
    for growth, fact, day in zip(later, "ef", (1, 2), strict=False):
        grow(member, growth, fact, date(2026, 10, day))
    assert so_far(member, date(2026, 12, 1)) == 1_500 + sum(later)
    assert stands(member, END) == by_sql(member, END) == tier


def two_of_one_person(clock: StillClock) -> tuple[Member, Member]:
    """One with 150 since the other rose, and that other with 1,800 after the 2,000 they rose by."""
    clock.set(at(BEGUN))
    ladders.begin_with(YEARLY, now=clock.now)
    mall = make_mall()
    elder, younger = make_member(mall), make_member(mall)
    grow(elder, 900, "a", date(2026, 2, 20))
    grow(younger, 2_000, "a", BEGUN)
    grow(elder, 150, "b", date(2026, 3, 15))
    grow(younger, 1_800, "b", date(2026, 4, 1))
    return elder, younger


@pytest.mark.parametrize(("later", "tier"), [(50, "gold"), (49, "silver")])
def test_after_a_merge_what_both_earned_in_the_period_counts(clock: StillClock, later: int, tier: str) -> None:
    elder, younger = two_of_one_person(clock)
    merging.merge_members(elder.id, younger.id, keep_id=elder.id, now=at(date(2026, 6, 1)))
    assert (stands(elder, date(2026, 6, 1)), so_far(elder, date(2026, 6, 1))) == ("gold", 1_950)
    grow(elder, later, "c", date(2026, 7, 1))
    assert stands(elder, END) == by_sql(elder, END) == tier


def test_after_an_undone_merge_each_period_goes_on_with_its_own_growth(clock: StillClock) -> None:
    elder, younger = two_of_one_person(clock)
    grow(younger, 7_000, "c", date(2026, 5, 1))
    grow(younger, 300, "d", date(2026, 5, 2))
    grow(elder, 2_000, "c", date(2026, 5, 3))
    grow(elder, 70, "d", date(2026, 5, 4))
    merge = merging.merge_members(elder.id, younger.id, keep_id=elder.id, now=at(date(2026, 6, 1)))
    assert merge is not None and stands(elder, date(2026, 6, 1)) == "platinum"
    grow(elder, 5, "e", date(2026, 6, 2))
    merging.undo_merge(merge, actor=audit.SYSTEM, now=at(date(2026, 6, 3)))
    assert (stands(elder, date(2026, 6, 3)), so_far(elder, date(2026, 6, 3))) == ("gold", 75)
    assert (stands(younger, date(2026, 6, 3)), so_far(younger, date(2026, 6, 3))) == ("platinum", 300)
