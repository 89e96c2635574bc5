"""Years of random growth, refunds, ladders and sleeping jobs, against a plain model; and SQL against both."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.tiers import crediting
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import AtEnd, Ladder
from app.tiers.standings import ending, queries, sql
from app.tiers.standings.models import TierStanding
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.tiers.plain import BEGUN, CODES, RUNGS, Plain

STEPS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 400), st.booleans()), min_size=1, max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, months=st.sampled_from([1, 6, 12]), at_end=st.sampled_from(list(AtEnd)), asleep=st.integers(0, 900))
def test_a_member_stands_where_a_plain_model_says(
    db_session: object, steps: list[tuple[int, int, bool]], months: int, at_end: AtEnd, asleep: int
) -> None:
    with db.session.begin_nested() as world:
        at = clock.start_of_day(BEGUN) + timedelta(hours=9)
        ladders.begin_with(Ladder(RUNGS, months, at_end), now=at)
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
    said = select(row.c.member_id, sql.tier_code(row.c, ladders.list_dated(), at=at)).where(row.c.replaced_at.is_(None))
    return dict(db.session.execute(said).tuples().all())
