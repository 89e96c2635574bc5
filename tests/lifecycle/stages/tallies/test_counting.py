"""Counting how many have which value finds the points that sorting everybody's would, to the last bit."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, delete, func, insert, literal, select

from app.kernel.db import db, table_of
from app.lifecycle.rules.rule_sets import DEFAULT
from app.lifecycle.stages import cut_points
from app.lifecycle.stages.cut_points import CutPoints
from app.lifecycle.stages.models import Activity, MemberStage, Stage
from app.lifecycle.stages.tallies.counting import FIRST_DAY, Near, Tally, add_up, count
from app.lifecycle.stages.tallies.ranks import TooFar, find_points
from tests.lifecycle.stages.worlds import TODAY, World, ago

MOST_MEMBERS = 14
STAGES = table_of(MemberStage)
# Sums around the edges of the steps by which they are counted, below zero, too: a refund may outlive its purchase.
SUMS = st.one_of(st.integers(-2_500, 2_500), st.integers(0, 10_000_000), st.sampled_from([999, 1_000, 1_999, 2_000]))


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the points rest on; `days` since the last purchase."""

    purchases: int
    year_purchases: int
    year_fen: int
    monetary_fen: int
    days: int


BUYERS = st.builds(
    lambda earlier, year_purchases, **sums: Buyer(earlier + year_purchases, year_purchases, **sums),
    earlier=st.integers(0, 6),
    year_purchases=st.integers(0, 3),
    year_fen=SUMS,
    monetary_fen=SUMS,
    days=st.integers(0, 400),
)
FAR = st.builds(Near, st.lists(SUMS, max_size=1), st.lists(SUMS, max_size=4))


def stand(member_ids: Sequence[int], buyers: Sequence[Buyer]) -> None:
    """Let exactly these stand somewhere."""
    db.session.execute(delete(STAGES))
    seen: dict[str, Any] = dict.fromkeys(("joined_on", "known_on", "last_presence_on", "last_behaviour_on"), ago(500))
    db.session.execute(
        insert(STAGES),
        [
            {
                "member_id": member_id,
                "home_mall_id": 1,
                "is_plain": True,
                "stage": Stage.FIRST.value,
                "activity": Activity.ACTIVE.value,
                "since": ago(500),
                **seen,
                "last_purchase_on": ago(buyer.days) if buyer.purchases else None,
                "recent_purchases": 0,
                "year_purchases": buyer.year_purchases,
                "year_fen": buyer.year_fen,
                "purchases": buyer.purchases,
                "monetary_fen": buyer.monetary_fen,
            }
            for member_id, buyer in zip(member_ids, buyers, strict=False)
        ],
    )


def sorted_out() -> CutPoints:
    row = db.session.execute(cut_points.of_rows(STAGES, DEFAULT, as_of=TODAY)).one()
    return CutPoints(*row)


@pytest.fixture
def member_ids(db_session: object) -> list[int]:
    world = World()
    return [world.person(joined=ago(500)).id for _ in range(MOST_MEMBERS)]


def counted(near: Near) -> CutPoints | None:
    """The points of all; None where they are too far."""
    with suppress(TooFar):
        return find_points(count(STAGES, near)[0], DEFAULT, near=near, day=TODAY)
    return None


def test_counting_finds_what_sorting_does(member_ids: list[int]) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(buyers=st.lists(BUYERS, min_size=1, max_size=MOST_MEMBERS), far=FAR, off=st.integers(-900, 900))
    def play(buyers: list[Buyer], far: Near, off: int) -> None:
        stand(member_ids, buyers)
        expected = sorted_out()
        near = Near([one.year_fen + off for one in buyers], [one.monetary_fen + off for one in buyers])
        assert counted(near) == expected
        assert counted(far) in (expected, None)

    play()


@pytest.mark.parametrize(("off", "is_found"), [(0, True), (900, True), (-900, True), (-1_300, False), (1_300, False)])
def test_sums_are_told_apart_near_points(member_ids: list[int], off: int, is_found: bool) -> None:
    stand(member_ids, [Buyer(1, 1, 50_000 + 10 * n, 90_000 + 10 * n, days=n) for n in range(MOST_MEMBERS)])
    expected = sorted_out()
    assert expected.high_spend_fen is not None
    near = Near.to(replace(expected, high_spend_fen=expected.high_spend_fen + off))
    assert counted(near) == (expected if is_found else None)


@pytest.mark.parametrize(("top_bps", "buyers"), [(3_200, 376), (7_200, 26), (1_000, 101)])
def test_both_round_the_place_of_a_share_alike(db_session: object, top_bps: int, buyers: int) -> None:
    """Of 26 and 376 the place is a whole one but for its last bit."""
    rules = replace(DEFAULT, high_spend_top_bps=top_bps)
    number = func.generate_series(1, buyers).column_valued("number")
    fen = (1_000 + 7_919 * number).label("year_fen")
    one = literal(1, BigInteger)
    rows = select(
        literal(TODAY).label("last_purchase_on"),
        one.label("purchases"),
        one.label("year_purchases"),
        fen,
        fen.label("monetary_fen"),
    ).subquery()
    expected = CutPoints(*db.session.execute(cut_points.of_rows(rows, rules, as_of=TODAY)).one())
    everybody_s = [1_000 + 7_919 * number for number in range(1, buyers + 1)]
    near = Near(everybody_s, everybody_s)
    assert find_points(count(rows, near)[0], rules, near=near, day=TODAY) == expected


def test_some_are_counted_and_others_asked_for(member_ids: list[int]) -> None:
    stand(member_ids, [Buyer(1, 1, 500, 700, days=3), Buyer(2, 1, 600, 800, days=4)])
    tally, asked = count(
        STAGES, Near([0], [0]), whom=STAGES.c.member_id == member_ids[1], also=select(STAGES.c.member_id)
    )
    assert sorted(asked) == member_ids[:2]
    four_days_ago = (ago(4) - FIRST_DAY).days
    assert tally == Tally(*map(Counter, ({four_days_ago: 1}, {2: 1}, {600: 1}, {800: 1})))


def test_a_tally_is_the_same_after_it_was_kept(member_ids: list[int]) -> None:
    stand(member_ids, [Buyer(3, 2, -500, 700, days=3)] * 2)
    tally, _ = count(STAGES, Near([0], [0]))
    assert Tally.of(json.loads(json.dumps(tally.as_json()))) == tally
    taken_away = Tally(*map(Counter, ({}, {3: -2}, {}, {})))
    assert add_up([tally, taken_away]).as_json()["purchases"] == ([], [])


def test_points_of_nobody_are_none(db_session: object) -> None:
    assert counted(Near()) == CutPoints(None, None, None, None)
