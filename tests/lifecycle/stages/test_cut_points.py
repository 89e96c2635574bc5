"""Counting how many have which value finds the points that sorting everybody's would, to the last bit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from app.kernel.db import db, table_of
from app.lifecycle.rules.rule_sets import DEFAULT
from app.lifecycle.stages import cut_points
from app.lifecycle.stages.cut_points import CutPoints
from app.lifecycle.stages.models import Activity, MemberStage, Stage
from tests.lifecycle.stages.worlds import TODAY, World, ago
from tests.support.statements import count_statements

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
FAR = st.one_of(
    st.none(),
    st.builds(CutPoints, st.none(), st.none(), st.none(), st.none()),
    st.builds(CutPoints, SUMS, st.none(), st.none(), st.lists(SUMS.map(float), min_size=4, max_size=4)),
)


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


def test_counting_finds_what_sorting_does(member_ids: list[int]) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(buyers=st.lists(BUYERS, min_size=1, max_size=MOST_MEMBERS), far=FAR, off=st.integers(-900, 900))
    def play(buyers: list[Buyer], far: CutPoints | None, off: int) -> None:
        stand(member_ids, buyers)
        expected = sorted_out()
        near = replace(expected, high_spend_fen=(expected.high_spend_fen or 0) + off)
        for begun in (far, near):
            assert cut_points.of_everybody(DEFAULT, day=TODAY, near=begun) == (expected, len(buyers))

    play()


@pytest.mark.parametrize(("off", "looks"), [(0, 2), (400, 2), (-2_000, 3), (2_000, 3)])
def test_sums_are_sorted_only_where_the_points_are_far_from_yesterdays(
    member_ids: list[int], off: int, looks: int
) -> None:
    stand(member_ids, [Buyer(1, 1, 50_000 + 10 * n, 90_000 + 10 * n, days=n) for n in range(MOST_MEMBERS)])
    expected = sorted_out()
    assert expected.high_spend_fen is not None
    near = replace(expected, high_spend_fen=expected.high_spend_fen + off)
    with count_statements() as sent:
        assert cut_points.of_everybody(DEFAULT, day=TODAY, near=near) == (expected, MOST_MEMBERS)
    assert len(sent) == looks


def test_points_of_nobody_are_none(db_session: object) -> None:
    assert cut_points.of_everybody(DEFAULT, day=TODAY, near=None) == (CutPoints(None, None, None, None), 0)
