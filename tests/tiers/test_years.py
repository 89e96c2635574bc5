"""Fifty households through three years: every fortnight the jobs run, and everybody stands where a plain model says."""

from datetime import timedelta
from random import Random

from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.tiers import crediting
from app.tiers.growth.bulk import Credit
from app.tiers.growth.models import GrowthAccount, GrowthEntry
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import AtEnd, Ladder
from app.tiers.standings import ending, queries
from app.tiers.standings.models import TierNotice, TierStanding
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.tiers.plain import BEGUN, CODES, RUNGS, Plain

HOUSEHOLDS, FORTNIGHTS = 50, 78


def test_fifty_households_stand_where_they_should_for_three_years(db_session: object) -> None:
    chance, at = Random(8), clock.start_of_day(BEGUN) + timedelta(hours=9)
    ladders.begin_with(Ladder(RUNGS, 12, AtEnd.ONE_DOWN), now=at)
    mall = make_mall()
    plain = {make_member(mall).id: Plain(12, AtEnd.ONE_DOWN) for _ in range(HOUSEHOLDS)}
    told: set[tuple[int, int]] = set()
    for number in range(FORTNIGHTS):
        at += timedelta(days=14)
        while ending.settle_due(now=at, limit=20):
            pass
        ending.make_notices(now=at, after=0, limit=1_000)
        buyers = chance.sample(sorted(plain), 8)
        grown = [(member_id, chance.choice((5, 20, 60, 150, 400))) for member_id in buyers]
        if number % 3:
            for member_id, growth in grown:
                fact = Fact("purchase-day", number)
                crediting.credit(member_id, growth=growth, reason=note("试"), fact=fact, now=at)
        else:
            fact = Fact("import-day", number)
            crediting.credit_all([Credit(one, growth, note("试"), fact, at) for one, growth in grown])
        for member_id, growth in grown:
            plain[member_id].earn(growth, at)
        for one in plain.values():
            one.end_what_ended(at)
        assert queries.codes_of(plain, now=at) == {member_id: CODES[one.rank] for member_id, one in plain.items()}
        told |= {(row.member_id, row.standing_id) for row in db.session.scalars(select(TierNotice))}
    _prove(told)


def _prove(told: set[tuple[int, int]]) -> None:
    """Values are their entries' sums, rows follow each other without a gap, and who fell was told."""
    sums = select(GrowthEntry.member_id, func.sum(GrowthEntry.growth)).group_by(GrowthEntry.member_id)
    values = select(GrowthAccount.member_id, GrowthAccount.growth)
    assert dict(db.session.execute(sums).tuples().all()) == dict(db.session.execute(values).tuples().all())
    rows = db.session.scalars(select(TierStanding).order_by(TierStanding.member_id, TierStanding.id)).all()
    fallen = 0
    for before, after in zip(rows, rows[1:], strict=False):
        if before.member_id == after.member_id:
            assert before.replaced_at == after.began_at
            assert before.ends_at is None or after.began_at <= before.ends_at
            if after.why == "fallen":
                fallen += 1
                assert (before.member_id, before.id) in told
    assert fallen > 10 and {row.why for row in rows} == {"risen", "kept", "fallen"}
