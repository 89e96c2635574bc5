"""Growth in bulk, of any past and in any order, leads where the same growth leads credit by credit."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.tiers import crediting
from app.tiers.growth.bulk import Credit
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import AtEnd, Ladder
from app.tiers.standings import queries
from app.tiers.standings.models import TierStanding
from app.tiers.standings.paths import Path
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.tiers.plain import BEGUN, RUNGS

MEMBERS, CREDITS = 4, 60
_NOON = timedelta(hours=12)


def _rows() -> list[tuple[object, ...]]:
    own = TierStanding
    columns = (
        own.member_id,
        own.tier_code,
        own.began_at,
        own.ends_at,
        own.replaced_at,
        own.why,
        own.counted,
        own.brought,
    )
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(own.member_id, own.id))]


@pytest.mark.parametrize(("seed", "at_end"), list(enumerate(AtEnd)))
def test_the_path_of_a_history_is_that_of_its_credits(db_session: object, seed: int, at_end: AtEnd) -> None:
    chance, begun = Random(seed), clock.start_of_day(BEGUN) + _NOON
    ladders.begin_with(Ladder(RUNGS, 3, at_end), now=begun)
    ids = [make_member(make_mall()).id for _ in range(MEMBERS)]
    days = [chance.randrange(500) for _ in range(CREDITS)]
    ordered = days if seed == 0 else sorted(days)  # one history comes in anyhow
    credits = [
        Credit(
            chance.choice(ids),
            chance.choice((0, 20, 60, 150, 400)),
            note("试"),
            Fact("n", number),
            begun + timedelta(day),
        )
        for number, day in enumerate(ordered)
    ]
    asked, expected = [clock.business_date(one.at) for one in credits], []
    savepoint = db.session.begin_nested()
    for one, day in zip(credits, asked, strict=True):
        expected.append(queries.tier_codes_at([(one.member_id, day)])[one.member_id, day])
        crediting.credit(
            one.member_id,
            growth=one.growth,
            reason=one.reason,
            fact=one.fact,
            now=begun + timedelta(600),
            entered_at=one.at,
        )
    rows = _rows()
    savepoint.rollback()
    assert len({row[1] for row in rows}) > 1 and len({row[5] for row in rows}) > 1
    tiers = []
    for start in range(0, CREDITS, 25):
        part = slice(start, start + 25)
        tiers += crediting.credit_all(credits[part], asked=asked[part])
    assert (tiers, _rows()) == (expected, rows)


def test_refunds_take_a_path_down_as_they_take_a_member(db_session: object) -> None:
    chance, at = Random(50), clock.start_of_day(BEGUN) + _NOON
    ladders.begin_with(Ladder(RUNGS, 6, AtEnd.ONE_DOWN), now=at)
    member = make_member(make_mall())
    path = Path(ladders.list_dated())
    for number in range(80):
        at += timedelta(days=chance.randrange(25))
        growth = chance.choice((90, 200, 400, -80, -250, -400))
        crediting.credit(member.id, growth=growth, reason=note("试"), fact=Fact("n", number), now=at)
        path.credit(growth, at)
    told = [
        (
            one.held.tier,
            one.held.began_at,
            one.held.ends_at,
            one.replaced_at,
            one.held.why.value,
            one.held.counted,
            one.held.brought,
        )
        for one in path.stood
    ]
    assert told == [row[1:] for row in _rows()]
    assert {"risen", "taken_back", "kept", "fallen"} <= {row[5] for row in _rows()}
    assert any(row[7] for row in _rows())
