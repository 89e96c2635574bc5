"""Where members stand: up at once, for a period, down at its end or when refunds take what it stood on."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access import audit
from app.flows.members import merging
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.tiers import crediting
from app.tiers.growth import growth as growth_accounts
from app.tiers.growth.bulk import Credit
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from app.tiers.standings import ending, queries
from app.tiers.standings.models import TierNotice, TierStanding
from app.workers.tiers import standings as worker
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.support.clock import StillClock
from tests.tiers import yearly
from tests.tiers.yearly import BEGUN, RUNGS, YEARLY, at, grow, stands


@pytest.fixture
def member(clock: StillClock) -> Member:
    return yearly.begin(clock)


def counting(member: Member, day: date) -> int:
    after = queries.stand_of(member.id, now=at(day)).ladder.counts_after(at(day))
    return growth_accounts.counted(member.id, after=after, until=at(day))


def rows(member: Member) -> list[tuple[str, str]]:
    found = select(TierStanding).where(TierStanding.member_id == member.id).order_by(TierStanding.id)
    return [(one.tier_code, one.why) for one in db.session.scalars(found)]


@pytest.mark.requirement("S0.33")
def test_who_reaches_a_tier_stands_there_at_once_and_for_twelve_months(member: Member) -> None:
    assert grow(member, 1_999, "a", BEGUN) is None
    assert grow(member, 1, "b", BEGUN) == "gold"
    held = queries.stand_of(member.id, now=at(BEGUN)).held
    assert held is not None
    assert held.ends_at == app_clock.start_of_day(date(2027, 3, 1))
    assert stands(member, date(2027, 2, 28)) == "gold"
    assert stands(member, date(2027, 3, 1)) == "silver"


def test_what_made_somebody_rise_does_not_keep_them_there(member: Member) -> None:
    grow(member, 5_000, "a", BEGUN)
    grow(member, 1_999, "b", date(2026, 6, 1))
    assert stands(member, date(2027, 3, 1)) == "silver"
    grow(member, 1, "c", date(2027, 2, 28))
    assert stands(member, date(2027, 3, 1)) == "gold"


def test_growth_older_than_the_period_raises_nobody(member: Member) -> None:
    grow(member, 1_500, "a", BEGUN)
    assert grow(member, 1_500, "b", date(2027, 3, 1)) is None
    assert grow(member, 500, "c", date(2027, 3, 2)) == "gold"


# Twelve months from 1 March 2026 end with 28 February 2027; what was earned on a day counts until then, too.
LAST = date(2027, 2, 28)


@pytest.mark.parametrize("midnight", [False, True])
def test_growth_counts_as_long_as_a_standing_that_began_with_it(member: Member, midnight: bool) -> None:
    moment = app_clock.start_of_day(BEGUN) if midnight else at(BEGUN)
    for number, (growth, when) in enumerate(((700, moment - timedelta(days=1)), (2_000, moment))):
        crediting.credit(member.id, growth=growth, reason=note("试"), fact=Fact("a", number), now=when)
    days = [LAST - timedelta(days=1), LAST, LAST + timedelta(days=1)]
    assert [counting(member, day) for day in days] == [2_700, 2_000, 0]
    assert [stands(member, day) for day in days] == ["gold", "gold", "silver"]
    assert grow(member, 1_999, "b", days[2]) is None


# By hand: a month from 28 February ends with 27 March, one from 29, 30 or 31 January with 27 February.
@pytest.mark.parametrize(
    ("months", "today", "oldest"),
    [
        (1, date(2027, 2, 27), date(2027, 1, 28)),
        (1, date(2027, 2, 28), date(2027, 2, 1)),
        (1, date(2027, 3, 27), date(2027, 2, 28)),
        (1, date(2027, 3, 28), date(2027, 3, 1)),
        (1, date(2027, 3, 31), date(2027, 3, 1)),
        (12, date(2028, 2, 27), date(2027, 2, 28)),
        (12, date(2028, 2, 28), date(2027, 3, 1)),
        (12, date(2028, 2, 29), date(2027, 3, 1)),
        (12, date(2029, 2, 28), date(2028, 3, 1)),
    ],
)
def test_the_oldest_day_that_counts_where_months_are_short(months: int, today: date, oldest: date) -> None:
    after = Ladder(RUNGS, months).counts_after(at(today))
    assert after is not None
    assert app_clock.start_of_day(oldest) - after == timedelta(microseconds=1)


def test_down_one_rung_for_each_period_and_as_high_as_its_growth_reaches(member: Member) -> None:
    grow(member, 60_000, "a", BEGUN)
    assert [stands(member, date(year, 3, 1)) for year in (2026, 2027, 2028)] == ["platinum", "gold", "silver"]


@pytest.mark.parametrize(("at_end", "tier"), [(AtEnd.KEPT, "platinum"), (AtEnd.BY_GROWTH, "silver")])
def test_the_ladder_says_what_the_end_of_a_period_does(clock: StillClock, at_end: AtEnd, tier: str) -> None:
    clock.set(at(BEGUN))
    ladders.begin_with(Ladder(RUNGS, 12, at_end), now=clock.now)
    member = make_member(make_mall())
    grow(member, 60_000, "a", BEGUN)
    assert stands(member, date(2027, 3, 1)) == tier


def test_the_job_writes_what_was_read_before_and_nothing_twice(member: Member, clock: StillClock) -> None:
    grow(member, 60_000, "a", BEGUN)
    clock.set(at(date(2028, 5, 1)))
    read = queries.stand_of(member.id, now=clock.now)
    assert worker.settle_standings() == 1
    assert queries.stand_of(member.id, now=clock.now) == read
    assert rows(member) == [("platinum", "risen"), ("gold", "fallen"), ("silver", "fallen")]
    assert worker.settle_standings() == 0


def test_a_refund_takes_down_whom_its_purchase_raised_but_nobody_who_kept_their_tier(member: Member) -> None:
    grow(member, 2_500, "a", BEGUN)
    grow(member, -400, "b", date(2026, 3, 2))
    assert stands(member, date(2026, 3, 2)) == "gold"
    grow(member, -200, "c", date(2026, 3, 3))
    assert rows(member) == [("gold", "risen"), ("silver", "taken_back")]
    grow(member, 2_100, "d", date(2026, 4, 1))
    grow(member, 2_000, "e", date(2026, 5, 1))
    assert stands(member, date(2027, 4, 2)) == "gold"
    grow(member, -2_000, "f", date(2027, 4, 2))
    assert stands(member, date(2027, 4, 2)) == "gold"


def test_what_falls_by_a_refund_falls_to_what_was_held_before_until_its_end(member: Member) -> None:
    grow(member, 2_000, "a", BEGUN)
    grow(member, 8_000, "b", date(2026, 9, 1))
    grow(member, -8_000, "c", date(2026, 9, 2))
    held = queries.stand_of(member.id, now=at(date(2026, 9, 2))).held
    assert held is not None
    assert (held.tier, held.ends_at) == ("gold", app_clock.start_of_day(date(2027, 3, 1)))
    grow(member, -100, "d", date(2026, 9, 3))
    assert stands(member, date(2026, 9, 3)) == "silver"


def test_growth_entered_twice_moves_nobody_twice(member: Member) -> None:
    assert [grow(member, 2_000, "a", BEGUN) for _ in range(2)] == ["gold", None]
    assert rows(member) == [("gold", "risen")]


def test_many_at_once_rise_like_one_by_one(member: Member) -> None:
    others = [make_member(make_mall()) for _ in range(3)]
    grow(others[0], 1_900, "x", BEGUN)
    grow(others[1], 2_000, "x", BEGUN)
    given = [
        Credit(one.id, growth, note("试"), Fact("y"), at(BEGUN))
        for one, growth in zip(others, (100, 8_000, 50), strict=True)
    ]
    crediting.credit_all(given)
    assert [stands(one, BEGUN) for one in others] == ["gold", "platinum", "silver"]


def test_who_will_fall_is_noted_once_fifteen_days_ahead(member: Member, clock: StillClock) -> None:
    grow(member, 2_000, "a", BEGUN)
    grow(member, 700, "b", date(2026, 8, 1))
    safe = make_member(make_mall())
    grow(safe, 2_000, "a", BEGUN)
    grow(safe, 2_000, "b", date(2026, 8, 1))
    clock.set(app_clock.start_of_day(date(2027, 2, 14)) - timedelta(seconds=1))
    assert worker.make_notices() == 0
    clock.set(app_clock.start_of_day(date(2027, 2, 14)))
    assert [worker.make_notices() for _ in range(2)] == [1, 0]
    notice = db.session.scalars(select(TierNotice)).one()
    assert (notice.member_id, notice.falls_to, notice.missing) == (member.id, "silver", 1_300)
    assert notice.ends_on == date(2027, 3, 1)


def test_a_new_ladder_lifts_on_its_day_and_takes_nobody_down(member: Member, clock: StillClock) -> None:
    grow(member, 2_500, "a", BEGUN)
    low = make_member(make_mall())
    grow(low, 900, "a", BEGUN)
    steep = Ladder((RUNGS[0], Rung("bronze", "铜卡", 800), Rung("gold", "金卡", 5_000), RUNGS[2]), 12, AtEnd.ONE_DOWN)
    ladders.publish(steep, effective_from=date(2026, 4, 1), by="王", now=clock.now)
    assert ending.bring_ladder(now=clock.now, limit=10) == 0
    clock.set(app_clock.start_of_day(date(2026, 4, 1)))
    assert [ending.bring_ladder(now=clock.now, limit=1) for _ in range(4)] == [1, 1, 0, 0]
    assert (stands(member, date(2026, 4, 1)), stands(low, date(2026, 4, 1))) == ("gold", "bronze")
    assert stands(member, date(2027, 3, 1)) == "bronze"


def test_a_ladder_with_periods_gives_an_end_to_standings_that_had_none(clock: StillClock) -> None:
    clock.set(at(BEGUN))
    ladders.begin_with(Ladder(RUNGS), now=clock.now)
    member = make_member(make_mall())
    grow(member, 2_500, "a", BEGUN)
    ladders.publish(YEARLY, effective_from=date(2026, 4, 1), by="王", now=clock.now)
    clock.set(at(date(2026, 4, 1)))
    worker.bring_ladder()
    assert (stands(member, date(2027, 3, 31)), stands(member, date(2027, 4, 1))) == ("gold", "silver")


def test_tiers_of_past_days_are_those_of_the_day_written_or_not(member: Member, clock: StillClock) -> None:
    grow(member, 60_000, "a", date(2026, 4, 1))
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2027, 4, 1), date(2028, 4, 1)]
    wanted = [(member.id, day) for day in days]
    before = queries.tier_codes_at(wanted)
    assert [before[one] for one in wanted] == ["silver", "platinum", "gold", "silver"]
    clock.set(at(date(2029, 1, 1)))
    worker.settle_standings()
    assert queries.tier_codes_at(wanted) == before


def test_a_merge_keeps_the_higher_tier_and_an_undoing_gives_each_their_own(clock: StillClock) -> None:
    clock.set(at(BEGUN))
    ladders.begin_with(YEARLY, now=clock.now)
    mall = make_mall()
    elder, younger = make_member(mall), make_member(mall)
    grow(elder, 1_500, "a", BEGUN)
    grow(younger, 9_000, "a", BEGUN)
    later = at(date(2027, 1, 1))
    merge = merging.merge_members(elder.id, younger.id, keep_id=elder.id, now=later)
    assert merge is not None
    assert queries.codes_of([elder.id, younger.id], now=later) == {elder.id: "platinum", younger.id: "silver"}
    merging.undo_merge(merge, actor=audit.SYSTEM, now=later)
    assert queries.codes_of([elder.id, younger.id], now=later) == {elder.id: "silver", younger.id: "gold"}


def test_growth_that_another_earned_long_ago_raises_nobody_in_a_merge(clock: StillClock) -> None:
    clock.set(at(BEGUN))
    ladders.begin_with(YEARLY, now=clock.now)
    mall = make_mall()
    elder, younger = make_member(mall), make_member(mall)
    grow(younger, 1_900, "a", BEGUN)
    later = at(date(2027, 6, 1))
    grow(elder, 200, "a", date(2027, 6, 1))
    merging.merge_members(elder.id, younger.id, keep_id=elder.id, now=later)
    assert stands(elder, date(2027, 6, 1)) == "silver"
