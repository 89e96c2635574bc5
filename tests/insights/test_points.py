"""Figures of points: days equal a computation of their own, the rate, the forecast, and the alarm."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.cases.models import Case
from app.identity.models import Member
from app.insights.points import counting, queries, rules, upkeep, watching, wording
from app.insights.points.models import PointsDue
from app.insights.points.rules import MonthAhead, Past
from app.kernel import clock, money
from app.kernel.db import db
from app.kernel.reasons import Reason, note
from app.lifecycle.stages.models import Stage
from app.malls.models import Mall
from app.points.earning import documents
from app.points.earning.acts import ActKind
from app.points.earning.extras import KINDS, FirstOrderExtra, Payer
from app.points.earning.rules import Breakdown, Part
from app.points.expiry.rules import DEFAULT
from app.points.ledger import holds, ledger
from app.points.ledger.models import PointsEntry, PointsLot
from app.points.proof.ways import Way
from app.web.reasons import REASONS
from app.workers.insights import points
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_path
from tests.builders.malls import make_mall

TODAY = date(2026, 3, 11)


def at(days_ago: int) -> datetime:
    return clock.start_of_day(TODAY - timedelta(days=days_ago)) + timedelta(hours=12)


@dataclass
class Group:
    mall: Mall
    other: Mall


@pytest.fixture
def group(db_session: object) -> Iterator[Group]:
    """Two malls with a year and more of every kind of entry."""
    one = Group(make_mall(), make_mall())
    members = [make_member() for _ in range(3)]
    for number, days in enumerate((500, 420, 120, 90, 45, 31, 30, 2, 1, 0)):
        member, mall = members[number % 3], (one.mall, one.other)[number % 2]
        extra = Part(40, Payer.MALL, FirstOrderExtra(bps=4_000))
        told = Breakdown(10_000, 10_000, [Part(100, Payer.MERCHANT), extra])
        earned = ledger.accrue(
            member.id,
            points=140,
            reason=Reason("purchase"),
            fact=f"t:{number}",
            now=at(days),
            mall_id=mall.id,
            breakdown=documents.breakdown_document(told),
        )
        if number % 3 == 0:
            ledger.redeem(
                member.id, points=50, reason=note("用"), fact=f"u:{number}", now=at(days), mall_id=one.mall.id
            )
            ledger.give_back(member.id, spent_fact=f"u:{number}", reason=note("退"), fact=f"b:{number}", now=at(days))
            ledger.redeem(
                member.id, points=30, reason=note("用"), fact=f"v:{number}", now=at(days), mall_id=one.mall.id
            )
        if number % 4 == 1:
            ledger.take_back(
                member.id, points=20, earned=earned, reason=note("退货"), fact=f"r:{number}", now=at(max(days - 1, 0))
            )
    ledger.accrue(members[0].id, points=9, reason=note("补"), fact="plain", now=at(40), mall_id=one.mall.id)
    old = ledger.accrue(members[1].id, points=77, reason=note("旧"), fact="old", now=at(900), mall_id=one.other.id)
    assert old.points == 77
    with clock.freeze(clock.start_of_day(TODAY) + timedelta(hours=3)):
        for member in members:
            ledger.expire(member.id, now=at(1))
        yield one


def count() -> tuple[int, int]:
    return points.count_points()


@pytest.mark.requirement("S2.14")
def test_days_equal_a_computation_of_their_own_and_counting_twice_changes_nothing(group: Group) -> None:
    days, _ = count()
    assert days > 10 and count()[0] == 0
    expected: Counter[tuple[int | None, str]] = Counter()
    months: Counter[date] = Counter()
    for entry in db.session.scalars(select(PointsEntry)):
        day = clock.business_date(entry.occurred_at)
        if day == TODAY:
            continue
        mall_id = entry.mall_id
        if entry.kind == "expire":  # the only lots that ran out are of the old ones
            mall_id = group.other.id if entry.points == -77 else None
        name = entry.kind if entry.kind != "reverse" else "back" if entry.points > 0 else "taken"
        expected[mall_id, name] += entry.points
        months[day.replace(day=1)] += entry.points
    mine = queries.by_way(group.mall.id, first=date.min, last=TODAY)
    assert mine[Way.ACCRUED] == expected[group.mall.id, "accrue"]
    assert mine[Way.SPENT] == expected[group.mall.id, "redeem"]
    assert mine[Way.GIVEN_BACK] == expected[group.mall.id, "back"]
    theirs = queries.by_way(group.other.id, first=date.min, last=TODAY)
    assert theirs[Way.TAKEN_BACK] == expected[group.other.id, "taken"]
    assert theirs[Way.EXPIRED] <= expected[group.other.id, "expire"] == -77
    found = queries.by_month(None, first=date.min, last=TODAY)
    assert {month: sum(ways.values()) for month, ways in found.items()} == months


@pytest.mark.requirement("S2.14")
def test_sources_and_payers_add_up_to_what_was_earned(group: Group) -> None:
    count()
    earned = queries.by_source(None, first=date.min, last=TODAY)
    by_source = {(one.source, one.payer): one.points for one in earned}
    assert by_source == {
        ("purchase", "merchant"): 9 * 100,
        ("first_order", "mall"): 9 * 40,
        ("note", "mall"): 9 + 77,
    }


def test_what_is_due_is_what_the_lots_still_hold(group: Group) -> None:
    richest = select(PointsLot.member_id).order_by(PointsLot.remaining_points.desc()).limit(1)
    someone = db.session.scalars(richest).one()
    count()
    free = queries.find_due(None)
    holds.hold(someone, points=10, reason=note("冻结"), fact="h", now=at(0), until=None)
    count()
    assert queries.find_due(None) == free
    holds.release(someone, fact="h", now=at(0))
    count()
    lots = db.session.execute(
        select(PointsLot.expires_on, PointsLot.remaining_points).where(PointsLot.expires_on >= TODAY)
    )
    expected: Counter[date] = Counter()
    for expires_on, remaining in lots:
        expected[expires_on.replace(day=1)] += remaining
    due = queries.find_due(None)
    assert due is not None and due.day == TODAY
    assert dict(due.months) == {month: left for month, left in expected.items() if left}
    parts = [queries.find_due(mall.id) for mall in (group.mall, group.other)]
    assert sum(part.points for part in parts if part is not None) == due.points


def test_a_day_that_gets_entries_late_is_counted_anew(group: Group) -> None:
    count()
    before = queries.by_way(group.mall.id, first=date.min, last=TODAY)[Way.ACCRUED]
    ledger.accrue(make_member().id, points=5, reason=note("迟"), fact="late", now=at(30), mall_id=group.mall.id)
    assert count()[0] == 1
    assert queries.by_way(group.mall.id, first=date.min, last=TODAY)[Way.ACCRUED] == before + 5


@pytest.mark.requirement("S1.29")
def test_a_rate_outside_of_the_band_is_asked_about_until_it_is_back(group: Group) -> None:
    count()
    rate = watching.rate_of(group.mall.id, last=TODAY - timedelta(days=1))
    assert rate is not None and rate.is_telling and rate.bps == money.divide(rate.spent * 10_000, rate.issued)
    assert rate.is_outside and (rate.last - rate.first).days == rules.RATE_DAYS - 1
    subject = f"points_rate:{group.mall.id}"
    cases = list(db.session.scalars(select(Case).where(Case.subject == subject)))
    assert [case.reason for case in cases] == ["below"]
    rich = make_member()
    missing = rate.issued * 30 // 70 - rate.spent * 100 // 70 + 1
    ledger.accrue(rich.id, points=missing, reason=note("得"), fact="x", now=at(3), mall_id=group.mall.id)
    ledger.redeem(rich.id, points=missing, reason=note("用"), fact="y", now=at(3), mall_id=group.mall.id)
    count()
    db.session.expire_all()
    again = watching.rate_of(group.mall.id, last=TODAY - timedelta(days=1))
    assert again is not None and not again.is_outside, again
    assert cases[0].outcome == "settled_itself"


def test_a_rate_of_a_few_weeks_raises_no_alarm() -> None:
    ways = {Way.ACCRUED: 1_000, Way.SPENT: -10}
    assert not rules.rate_of(ways, first=date(2026, 1, 1), last=date(2026, 1, 31)).is_outside
    assert rules.rate_of(ways, first=date(2026, 1, 1), last=date(2026, 3, 31)).is_outside
    assert rules.rate_of({}, first=date(2026, 1, 1), last=date(2026, 3, 31)).bps is None


@pytest.mark.parametrize(("spent", "is_outside"), [(2_799, True), (2_800, False), (3_200, False), (3_201, True)])
def test_both_ends_of_the_band_are_in_it(spent: int, is_outside: bool) -> None:
    ways = {Way.ACCRUED: 11_000, Way.TAKEN_BACK: -1_000, Way.SPENT: -spent - 5, Way.GIVEN_BACK: 5}
    assert rules.rate_of(ways, first=date(2026, 1, 1), last=date(2026, 3, 31)).is_outside is is_outside


@given(
    due=st.dictionaries(
        st.integers(0, 23).map(lambda n: date(2026 + n // 12, n % 12 + 1, 1)), st.integers(1, 10_000), max_size=8
    ),
    issued=st.integers(0, 5_000),
    spent_bps=st.integers(0, 10_000),
    idle_percent=st.integers(0, 100),
)
def test_no_point_is_lost_on_the_way_to_next_year(
    due: dict[date, int], issued: int, spent_bps: int, idle_percent: int
) -> None:
    idle = {month: points * idle_percent // 100 for month, points in due.items()}
    ahead = rules.forecast(due, Past(issued, spent_bps), start=TODAY, expiry_day=DEFAULT.end_of, idle=idle)
    left = sum(due.values())
    assert len(ahead) == rules.MONTHS_AHEAD
    for month in ahead:
        left += month.issued - month.spent - month.expired
        assert month.left == left >= 0
    least = sum(points for month, points in idle.items() if month <= ahead[-1].month)
    assert sum(month.expired for month in ahead) >= least


def test_a_month_that_ends_takes_what_nobody_spent() -> None:
    due = {date(2026, 3, 1): 100, date(2027, 12, 1): 900}
    first, second, *_ = rules.forecast(due, Past(200, 500), start=TODAY, expiry_day=DEFAULT.end_of)
    # Of March 21 of 31 days are to come: 135 of 200 points are issued in them, and 34 of 50 spent.
    assert first == MonthAhead(date(2026, 3, 1), 135, 34, 66, 1_035)
    assert second == MonthAhead(date(2026, 4, 1), 200, 52, 0, 1_183)


def test_points_of_idle_members_wait_to_run_out_and_the_others_spend_for_all() -> None:
    due, idle = {date(2026, 4, 1): 300, date(2027, 12, 1): 700}, {date(2026, 4, 1): 250, date(2027, 12, 1): 150}
    march = date(2026, 3, 1)
    first, second, third, *_ = rules.forecast(due, Past(0, 600), start=march, expiry_day=DEFAULT.end_of, idle=idle)
    # 6 % of all 1,000 are 60, which are 10 % of the 600 that active members have, and then of what is left of these.
    assert first == MonthAhead(march, 0, 60, 0, 940)
    assert second == MonthAhead(date(2026, 4, 1), 0, 54, 250, 636)
    assert third == MonthAhead(date(2026, 5, 1), 0, 49, 0, 587)
    own = {march: 9}
    alone, *_ = rules.forecast(own, Past(100, 600), start=march, expiry_day=DEFAULT.end_of, idle=own)
    assert alone == MonthAhead(march, 100, 0, 9, 100)


def test_idle_is_who_has_done_nothing_for_long_as_the_last_night_knew_it(group: Group) -> None:
    idle, active, _ = db.session.scalars(select(PointsLot.member_id).distinct().order_by(PointsLot.member_id)).all()
    for member_id, days in ((idle, rules.IDLE_DAYS + 1), (active, rules.IDLE_DAYS)):
        make_path(db.session.get_one(Member, member_id), (TODAY - timedelta(days=days), Stage.NEW))
    count()
    expected: Counter[date] = Counter()
    for lot in db.session.scalars(select(PointsLot).where(PointsLot.member_id == idle, PointsLot.expires_on >= TODAY)):
        expected[lot.expires_on.replace(day=1)] += lot.remaining_points
    due = queries.find_due(None)
    assert due is not None and 0 < due.idle_points < due.points
    assert dict(due.idle) == {month: points for month, points in expected.items() if points}
    parts = [queries.find_due(mall.id) for mall in (group.mall, group.other)]
    assert sum(part.idle_points for part in parts if part is not None) == due.idle_points


def test_the_past_is_told_by_what_was_there() -> None:
    months = [{Way.ACCRUED: 1_000, Way.SPENT: -100}, {Way.ACCRUED: 500, Way.SPENT: -200}]
    # 800 were there before the first, 1700 before the second, 2000 after it.
    assert rules.past_of(months, left=2_000) == Past(750, money.divide(300 * 10_000, 2_500))
    assert rules.past_of([], left=0) == Past(0, 0)


def test_old_counts_of_what_is_due_are_kept_by_the_month(db_session: object) -> None:
    for day in (date(2026, 1, 1), date(2026, 1, 2), date(2026, 6, 1)):
        db.session.add(PointsDue(day=day, mall_id=1, month=date(2026, 12, 1), points=1))
    db.session.flush()
    assert upkeep.sweep(now=datetime(2026, 6, 2, 4, tzinfo=clock.MALL_ZONE)) == 1
    assert counting.BUYING == "purchase"


def test_every_source_that_points_can_have_has_a_name() -> None:
    acts = {kind.value for kind in ActKind}
    # Points of acts stand under the act, not under their reason; growth is no points.
    elsewhere = {f"{act}_points" for act in acts} | {one for one in REASONS if "growth" in one}
    sources = acts | KINDS.keys() | (REASONS.keys() - elsewhere) | {counting.BUYING}
    assert not sources - wording.SOURCES.keys()
