"""Figures of a month: measures of each stage, moves against targets, cohorts; counted once and kept."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from app.access.audit import SYSTEM
from app.identity import merges, people
from app.identity.models import Member, MergeWhy
from app.insights.monthly import cohorts, counting, moves, queries
from app.insights.monthly.measures import OF_STAGES, Unit
from app.insights.monthly.periods import Period
from app.insights.questions import matrices, stages
from app.insights.questions.figures import Span
from app.kernel.db import db
from app.kernel.facts import Fact
from app.lifecycle.stages import acts
from app.lifecycle.stages.models import MemberStage, Stage, StageChange
from app.malls.models import Mall, Store
from app.timeline import events
from app.timeline.models import EventKind
from app.workers.lifecycle import monthly
from tests.builders.buying import at, buy
from tests.builders.identity import make_member
from tests.builders.invitations import make_invitation
from tests.builders.lifecycle import make_night, make_path
from tests.builders.malls import make_mall, make_store

MARCH, LAST = date(2026, 3, 1), date(2026, 3, 31)
_facts = iter(range(1, 10_000))


def march(day: int) -> date:
    return date(2026, 3, day)


def february(day: int) -> date:
    return date(2026, 2, day)


@pytest.fixture
def mall() -> Mall:
    return make_mall()


def member(mall: Mall, joined: date, *path: tuple[date, Stage]) -> Member:
    """Somebody who joined on a day, and went this way from there."""
    person = make_member(mall)
    make_path(person, (joined, Stage.NEW), *path)
    row = db.session.get_one(MemberStage, person.id)
    row.joined_on = joined
    db.session.flush()
    return person


def visit(person: Member, *days: date, kind: EventKind = EventKind.VISITED) -> None:
    for day in days:
        events.record(person.id, kind=kind, fact=Fact("test", next(_facts)), occurred_at=at(day), mall_id=None)


def purchase(person: Member, store: Store, day: date, *, is_first: bool = False, back_on: date | None = None) -> None:
    row = buy(person, store, at(day), 10_000)
    row.is_first = is_first
    if back_on is not None:
        buy(person, store, at(back_on), -10_000, refund_of=row)
    db.session.flush()


def count_march(mall: Mall) -> Callable[[str], tuple[int, int, int | None]]:
    """By a measure's code: over how many members it is, how many reached it, and what it comes to."""
    make_night(LAST)
    monthly.count_months(limit=20)
    kept = queries.list_measures(mall.id, [MARCH])

    def counted(code: str) -> tuple[int, int, int | None]:
        unit = OF_STAGES[code].unit if code in OF_STAGES else Unit.SHARE
        found = queries.figure(unit, kept.get((MARCH, code)))
        return found.members, found.reached, found.value

    return counted


@pytest.mark.requirement("S0.18")
def test_new_members_are_watched_for_seven_and_fourteen_days(mall: Mall) -> None:
    visit(member(mall, march(5)), march(12))
    visit(member(mall, march(6)), march(6), march(14))
    visit(member(mall, february(21)), march(1))
    member(mall, march(25))
    member(make_mall(), march(5))
    counted = count_march(mall)
    assert counted("return_7") == (2, 1, 5_000)
    assert counted("interaction_14") == (3, 3, 10_000)


@pytest.mark.requirement("S0.25")
def test_first_time_buyers_buy_again_and_across_categories(mall: Mall) -> None:
    food, fashion = make_store(mall, category_code="dining"), make_store(mall, category_code="fashion")
    again, brought_back, early = (member(mall, february(1)) for _ in range(3))
    purchase(again, food, february(5), is_first=True)
    purchase(again, fashion, march(5))
    purchase(brought_back, food, february(10), is_first=True)
    purchase(brought_back, fashion, february(11), back_on=march(1))
    purchase(early, food, march(2), is_first=True)
    counted = count_march(mall)
    assert counted("second_30") == (2, 1, 5_000)
    assert counted("across_30") == (2, 1, 5_000)


@pytest.mark.requirement("S0.31")
def test_active_members_are_counted_by_month(mall: Mall) -> None:
    store = make_store(mall)
    regular = member(mall, february(1), (february(10), Stage.REPEAT))
    fell_since = member(mall, february(1), (february(10), Stage.REPEAT), (date(2026, 4, 2), Stage.WARNING))
    member(mall, february(1), (march(10), Stage.FIRST))
    visit(regular, february(28), march(1), march(1), march(31))
    purchase(regular, store, march(1))
    purchase(regular, store, march(2), back_on=march(3))
    purchase(fell_since, store, march(9))
    counted = count_march(mall)
    assert counted("visits") == (2, 1, 100)
    assert counted("purchases") == (2, 2, 100)
    assert counted("benefit_use") == (2, 0, 0)


@pytest.mark.requirement("S0.39")
def test_high_value_members_are_kept_and_come_in_intervals(mall: Mall) -> None:
    store = make_store(mall)
    kept = member(mall, february(1), (february(10), Stage.HIGH))
    member(mall, february(1), (february(10), Stage.HIGH), (march(20), Stage.REPEAT))
    for day in (march(1), march(1), march(5), march(11)):
        purchase(kept, store, day)
    counted = count_march(mall)
    assert counted("kept") == (2, 1, 5_000)
    assert counted("interval") == (1, 1, 500)


@pytest.mark.requirement("S0.39")
def test_friends_who_joined_by_high_value_members_are_counted(mall: Mall) -> None:
    inviter = member(mall, february(1), (february(10), Stage.HIGH))
    member(mall, february(1), (february(10), Stage.HIGH))
    for day, why in ((march(2), None), (march(31), "lapsed"), (march(3), "same_person"), (february(28), None)):
        make_invitation(inviter, make_member(mall), at(day), why=why)
    assert count_march(mall)("invitations") == (2, 1, 100)


@pytest.mark.requirement("S0.43")
def test_who_was_at_risk_comes_back_and_stays(mall: Mall) -> None:
    back = (february(10), Stage.REPEAT)
    visit(member(mall, february(1), (february(5), Stage.SLEEPING), back), march(12))
    visit(member(mall, february(1), (february(5), Stage.WARNING), back), march(13))
    member(mall, february(1), (february(5), Stage.WARNING), (march(9), Stage.FIRST))
    member(mall, february(1), (february(5), Stage.LOST))
    counted = count_march(mall)
    assert counted("stayed_30") == (2, 1, 5_000)
    assert counted("returned") == (2, 1, 5_000)
    assert counted("lost") == (1, 1, 10_000)


@pytest.mark.requirement("S0.2")
def test_moves_are_counted_over_those_whose_days_are_over(mall: Mall) -> None:
    store, january = make_store(mall), date(2026, 1, 10)
    purchase(member(mall, february(5), (march(1), Stage.FIRST)), store, march(7))  # within 30 days
    purchase(member(mall, february(5), (march(1), Stage.FIRST)), store, march(8))  # too late
    purchase(member(mall, march(5), (march(6), Stage.FIRST)), store, march(6))  # has time yet
    member(mall, january, (date(2026, 1, 20), Stage.FIRST), (march(21), Stage.HIGH))  # within 60 days
    member(mall, january, (date(2026, 1, 20), Stage.FIRST), (march(22), Stage.REPEAT))  # too late
    member(mall, january, (date(2026, 1, 11), Stage.HIGH), (date(2026, 1, 20), Stage.FIRST))  # fell: not anew
    counted = count_march(mall)
    assert counted("to_first") == (2, 1, 5_000)
    assert counted("to_repeat") == (2, 1, 5_000)
    assert counted("to_back") == (0, 0, None)


@pytest.mark.requirement("S0.2")
def test_visitors_join_whether_a_night_had_seen_them_before_or_not(mall: Mall) -> None:
    """Seven days for it, so that those count who came from 22 February to 24 March."""
    visitor, january = Stage.VISITOR, date(2026, 1, 10)
    make_path(make_member(mall), (march(5), visitor), (march(12), Stage.NEW))
    make_path(make_member(mall), (march(6), visitor), (march(14), Stage.NEW))  # too late
    make_path(make_member(mall), (march(7), visitor))
    make_path(make_member(mall), (march(25), visitor))  # has time yet
    make_path(make_member(mall), (march(24), Stage.NEW))  # at once
    make_path(make_member(mall), (february(22), Stage.FIRST))  # and bought at once
    make_path(make_member(mall), (february(21), Stage.NEW))  # the month before
    brought_in = make_member(mall)  # with a history that came in
    make_path(brought_in, (march(8), Stage.FIRST))
    change = db.session.scalars(select(StageChange).where(StageChange.member_id == brought_in.id)).one()
    change.joined_on = january
    db.session.flush()
    counted = count_march(mall)
    assert counted("to_join") == (5, 3, 6_000)
    # The page of the month itself: of all who came to be visitors in it, who joined in it, and how fast.
    picture = stages.read(mall.id, Span(at(MARCH), at(march(24))))
    step = picture.steps[visitor]
    assert (step.reached, step.of, step.median_days) == (3, 4, 7.0)


def test_a_month_is_counted_once_a_night_until_a_month_after_its_end(mall: Mall) -> None:
    member(mall, march(5))
    make_night(february(1))
    make_night(LAST)
    assert monthly.count_months(limit=20) == 2
    assert monthly.count_months(limit=20) == 0
    make_night(date(2026, 4, 5))
    assert monthly.count_months(limit=20) == 2, "April, and March once more; February is over for good"
    assert {row.month for row in queries.list_counted()} == {february(1), MARCH, date(2026, 4, 1)}


def test_moves_and_times_of_a_month_are_kept_for_its_review(mall: Mall) -> None:
    member(mall, february(1), (march(5), Stage.FIRST), (march(9), Stage.REPEAT))
    member(mall, february(1))
    member(mall, march(3))
    member(make_mall(), february(1), (march(5), Stage.FIRST))
    make_night(february(28))
    make_night(LAST)
    monthly.count_months(limit=20)
    kept = moves.find_matrix(mall.id, february(28), LAST)
    assert kept == matrices.read(mall.id, february(28), LAST)
    assert kept is not None and kept.counts == {("2", "4"): 1, ("2", "2"): 1, ("", "2"): 1}
    assert moves.list_median_days(mall.id, MARCH) == {Stage.VISITOR: 0.0, Stage.NEW: 32.0, Stage.FIRST: 4.0}
    assert moves.find_matrix(mall.id, february(27), LAST) is None
    assert moves.find_matrix(mall.id, february(28), march(30)) is None
    assert moves.list_median_days(mall.id, date(2026, 4, 1)) is None


def test_cohorts_count_people_by_month_since_they_joined(mall: Mall) -> None:
    store, january = make_store(mall), date(2026, 1, 15)
    one, other, late = member(mall, january), member(mall, date(2026, 1, 31)), member(mall, march(2))
    visit(one, january, february(1), february(28), march(31))
    visit(other, march(1), date(2026, 4, 1))
    purchase(one, store, march(3), back_on=march(4))
    purchase(other, store, march(3))
    purchase(late, store, march(3))
    make_night(LAST)
    monthly.count_months(limit=20)
    rows = {(row.joined_month, row.month_no): row for row in cohorts.list_months(mall.id)}
    found = {key: (row.members, row.visitors, row.buyers) for key, row in rows.items()}
    assert found == {
        (date(2026, 1, 1), 0): (2, 1, 0),
        (date(2026, 1, 1), 1): (2, 1, 0),
        (date(2026, 1, 1), 2): (2, 2, 1),
        (MARCH, 0): (1, 0, 1),
    }
    assert not cohorts.list_months(make_mall().id)


def merge(number: Member, *, into: Member) -> None:
    """The number turns out to be somebody else's; what was done under it stays there."""
    merge = merges.begin(number, into=into, why=MergeWhy.PROOF, actor=SYSTEM, now=at(march(28)))
    merges.finish(merge, number, into=into, carried={})
    acts.merge(number.id, day=march(28))


def test_what_was_done_under_a_number_before_a_merge_is_theirs(mall: Mall) -> None:
    food, fashion = make_store(mall, category_code="dining"), make_store(mall, category_code="fashion")
    one, before = member(mall, march(2)), member(mall, march(2))
    visit(before, march(5))  # within a week of joining
    regular, other = (member(mall, february(1), (february(10), Stage.REPEAT)) for _ in range(2))
    visit(regular, march(3), march(4))
    visit(other, march(4), march(9))
    purchase(regular, food, march(3))
    purchase(other, fashion, march(9))
    first, second = member(mall, february(1)), member(mall, february(1))
    purchase(second, food, february(5), is_first=True)  # of each number the first
    purchase(first, fashion, february(20), is_first=True)
    bought_once, nothing = member(mall, february(1)), member(mall, february(1))
    purchase(nothing, food, february(6), is_first=True)
    for number, person in ((before, one), (other, regular), (second, first), (nothing, bought_once)):
        merge(number, into=person)
    counted = count_march(mall)
    assert counted("return_7") == (1, 1, 10_000)
    assert counted("visits") == (1, 1, 300)
    assert counted("purchases") == (1, 1, 200)
    assert counted("categories") == (1, 1, 200)
    assert counted("second_30") == (2, 1, 5_000)
    assert counted("across_30") == (2, 1, 5_000)


def test_who_bought_long_before_under_another_number_bought_no_first_time(mall: Mall) -> None:
    store = make_store(mall)
    one, before = member(mall, february(1)), member(mall, date(2026, 1, 1))
    purchase(before, store, date(2026, 1, 5), is_first=True)
    purchase(one, store, february(5), is_first=True)
    merge(before, into=one)
    assert count_march(mall)("second_30") == (0, 0, None)


def test_rows_of_a_measure_are_those_that_its_figure_counts(mall: Mall) -> None:
    visit(member(mall, march(5)), march(12))
    member(mall, march(6))
    merge(member(mall, march(7)), into=member(mall, march(8)))
    for measure in OF_STAGES.values():
        period, merged = Period(MARCH, LAST), people.list_merged()
        rows = db.session.execute(counting.rows(measure, period, merged=merged)).all()
        sums = {row.home_mall_id: row for row in db.session.execute(counting.sums(measure, period, merged=merged))}
        own = [row.value for row in rows if row.home_mall_id == mall.id and row.value is not None]
        kept = sums.get(mall.id)
        assert (len(own), sum(value > 0 for value in own)) == ((kept.members, kept.reached) if kept else (0, 0))
