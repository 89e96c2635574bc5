"""What points buy: one rounding, no point wasted, and a factor that changes from a day on."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock as app_clock
from app.points.worth import factors, rules, wording
from app.points.worth.errors import FactorConflict, FactorInForce, FactorOutOfRange, FactorTooEarly
from tests.support.clock import StillClock

FACTORS = st.integers(rules.LEAST_BPS, rules.MOST_BPS)


@pytest.mark.no_database
@given(factor=FACTORS, amount=st.integers(0, 10**7))
def test_the_fewest_points_that_are_worth_a_sum(factor: int, amount: int) -> None:
    points = rules.points_for(amount, factor)
    assert rules.worth_fen(points, factor) >= amount
    assert points == 0 or rules.worth_fen(points - 1, factor) < amount


@pytest.mark.no_database
@given(factor=FACTORS, amount=st.integers(0, 10**7), points=st.integers(0, 10**7))
def test_a_cover_takes_no_point_that_covers_nothing(factor: int, amount: int, points: int) -> None:
    taken, covered = rules.cover(amount, points, factor)
    assert 0 <= taken <= points and covered == min(amount, rules.worth_fen(points, factor))
    assert rules.worth_fen(taken, factor) >= covered
    assert taken == 0 or rules.worth_fen(taken - 1, factor) < covered


@pytest.mark.no_database
def test_at_the_anchor_a_point_is_a_fen() -> None:
    assert rules.cover(600, 10_000, rules.ANCHOR_BPS) == (600, 600)
    assert rules.cover(600, 400, rules.ANCHOR_BPS) == (400, 400)
    assert wording.rate_line(rules.ANCHOR_BPS) == "100 积分抵 ¥1.00"


def test_a_factor_holds_from_its_day_on_and_is_taken_back_only_before(clock: StillClock) -> None:
    now = app_clock.now()
    today = app_clock.business_date(now)
    tomorrow = today + timedelta(days=1)
    version = factors.publish(12_000, effective_from=tomorrow, by="财务", now=now)
    assert not factors.publish(12_000, effective_from=tomorrow, by="财务", now=now).is_new
    assert (factors.in_force(today), factors.in_force(tomorrow)) == (rules.ANCHOR_BPS, 12_000)
    coming = factors.find_coming(today=today)
    assert coming is not None and "100 积分抵 ¥1.20" in wording.say(10_000, coming=coming)[1]
    with pytest.raises(FactorConflict):
        factors.publish(9_000, effective_from=tomorrow, by="财务", now=now)
    with pytest.raises(FactorTooEarly):
        factors.publish(9_000, effective_from=today, by="财务", now=now)
    with pytest.raises(FactorOutOfRange):
        factors.publish(rules.MOST_BPS + 1, effective_from=tomorrow, by="财务", now=now)
    clock.advance(days=1)
    assert factors.at(app_clock.now()) == 12_000
    with pytest.raises(FactorInForce):
        factors.withdraw(version.id, now=app_clock.now())
