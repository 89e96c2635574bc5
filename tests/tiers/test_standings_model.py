"""Years of random growth, refunds, ladders and sleeping jobs, against a plain model; and SQL against both."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.tiers import crediting
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from app.tiers.standings import ending, queries, sql
from app.tiers.standings.models import TierStanding
from tests.builders.identity import make_member
from tests.builders.malls import make_mall

BEGUN = date(2026, 1, 31)
HEIGHTS = (0, 100, 300, 700)
CODES = ("silver", "gold", "platinum", "diamond")


@dataclass
class Plain:
    """One member's rank, told day by day without any table: growth by day, the rank, the day the period ends."""

    months: int
    at_end: AtEnd
    earned: list[tuple[datetime, int]] = field(default_factory=list)
    rank: int = 0
    began: datetime | None = None
    ends: date | None = None

    def reached(self, growth: int) -> int:
        return sum(height <= growth for height in HEIGHTS) - 1

    def total(self, after: datetime | None, until: datetime) -> int:
        return max(sum(one for at, one in self.earned if (after is None or at > after) and at <= until), 0)

    def end_what_ended(self, at: datetime) -> None:
        while self.ends is not None and clock.start_of_day(self.ends) <= at:
            over = clock.start_of_day(self.ends)
            reached = self.reached(self.total(self.began, over))
            if self.at_end is AtEnd.ONE_DOWN:
                self.rank = max(reached, self.rank - 1) if reached < self.rank else self.rank
            elif self.at_end is AtEnd.BY_GROWTH:
                self.rank = min(reached, self.rank)
            self.begin(over)

    def begin(self, at: datetime) -> None:
        self.began, self.ends = at, later(clock.business_date(at), self.months) if self.rank else None

    def earn(self, growth: int, at: datetime) -> None:
        self.end_what_ended(at)
        self.earned.append((at, growth))
        since = clock.start_of_day(later(clock.business_date(at), -self.months))
        reached = self.reached(self.total(since, at))
        if reached > self.rank:
            self.rank = reached
            self.begin(at)


def later(day: date, months: int) -> date:
    """Counted on a calendar of its own: month by month, the last day where a month is too short."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month in (0, 13):
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


STEPS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 400), st.booleans()), min_size=1, max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, months=st.sampled_from([1, 6, 12]), at_end=st.sampled_from(list(AtEnd)), asleep=st.integers(0, 900))
def test_a_member_stands_where_a_plain_model_says(
    db_session: object, steps: list[tuple[int, int, bool]], months: int, at_end: AtEnd, asleep: int
) -> None:
    with db.session.begin_nested() as world:
        rungs = tuple(Rung(code, code, height) for code, height in zip(CODES, HEIGHTS, strict=True))
        at = clock.start_of_day(BEGUN) + timedelta(hours=9)
        ladders.begin_with(Ladder(rungs, months, at_end), now=at)
        member, plain = make_member(make_mall()), Plain(months, at_end)
        for number, (days, growth, works) in enumerate(steps):
            at += timedelta(days=days)
            if works:
                ending.settle_due(now=at, limit=10)
            crediting.credit(member.id, growth=growth, reason=note("试"), fact=Fact("step", number), now=at)
            plain.earn(growth, at)
            assert queries.stand_of(member.id, now=at).rank == plain.rank
        at += timedelta(days=asleep)
        plain.end_what_ended(at)
        for _ in range(2):  # before the job has written what the ends of periods made, and after
            assert queries.codes_of([member.id], now=at)[member.id] == CODES[plain.rank]
            assert by_sql(at).get(member.id, CODES[0]) == CODES[plain.rank]
            ending.settle_due(now=at, limit=10)
        world.rollback()


def by_sql(at: datetime) -> dict[int, str]:
    row = table_of(TierStanding)
    said = select(row.c.member_id, sql.tier_code(row, ladders.list_dated(), at=at)).where(row.c.replaced_at.is_(None))
    return dict(db.session.execute(said).tuples().all())
