"""How well members are known: how complete profiles are, day by day, and how near predictions came."""

from datetime import date

import pytest

from app.identity.profiles import profiles
from app.identity.profiles.models import Nearby
from app.insights.profiles import days
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.money import Share
from app.lifecycle.predictions import calibrating
from app.lifecycle.predictions.models import PredictionFit
from app.lifecycle.predictions.rules import Amounts, Buying
from app.workers.insights.profiles import count_profiles
from tests.builders.console import World
from tests.mall_console.conftest import Console
from tests.support.clock import StillClock

LINE = {
    "members": 200,
    "returned_expected": 30.0,
    "returned": 36,
    "purchases_expected": 90.0,
    "purchases": 99,
    "spend_expected_fen": 1_000_000,
    "spend_fen": 950_000,
}
KEPT = {
    "known_until": "2025-12-10",
    "by_probability": {"1": LINE, "0": {**LINE, "members": 100, "returned_expected": 5.0, "returned": 5}},
    "by_repeats": {"7": LINE},
    "total": {**LINE, "members": 300},
}
# Of the CDNOW sample, as the paper has them.
BUYING = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}


@pytest.mark.requirement("S0.9")
def test_completeness_is_kept_once_a_day_and_compared(operations: Console, world: World, clock: StillClock) -> None:
    page = f"{world.base}/lifecycle/profiles"
    assert "还没有统计" in operations.get(page).text
    days.count(world.mall.id, day=date(2026, 3, 10), now=clock.now)
    profiles.tell_nearby(world.member.id, Nearby.HOME, now=clock.now)
    assert count_profiles() >= 1 and count_profiles() == 0
    first, last = days.list_days(world.mall.id, first=date(2026, 3, 1), last=date(2026, 3, 11))
    assert first.average == Share(0, 10_000 * first.row.members) and last.row.sum_bps == 2_000
    shown = operations.get(page).text
    assert "住处与公司" in shown and f"比 {first.row.day}" in shown and "平均完整度走势" in shown


@pytest.mark.no_database
def test_a_backtest_says_how_near_expectations_came() -> None:
    found = calibrating.read(KEPT, as_of=date(2026, 3, 10))
    assert [one.first for one in found.by_probability] == [0, 1]
    assert [one.off_permille for one in found.by_probability] == [0, 30]
    assert (found.usual_error_permille, found.purchases_error_permille, found.spend_error_permille) == (20, 100, -50)


@pytest.mark.no_database
def test_parameters_are_said_in_plain_numbers() -> None:
    buying = Buying(**BUYING)
    assert round(calibrating.days_between_purchases(buying)) == 127
    assert calibrating.stopping_permille(buying) == 246
    assert calibrating.usual_spend_fen(Amounts(p=6.25, q=3.75, gamma=1_545.0)) == 3_511
    assert calibrating.usual_spend_fen(Amounts(p=6.25, q=0.9, gamma=1_545.0)) is None


def test_the_page_shows_the_model_and_its_backtest(operations: Console, world: World) -> None:
    page = f"{world.base}/lifecycle/predictions"
    assert "还没有预测" in operations.get(page).text
    fit = PredictionFit(day=date(2026, 3, 10), members=300, fitted_at=app_clock.now(), backtest=KEPT, **BUYING)
    db.session.add(fit)
    db.session.flush()
    shown = operations.get(page).text
    assert "首次消费后也可能不再来" not in shown and "消费次数用 BG/NBD" in shown
    fit.from_first = True
    db.session.flush()
    other = operations.get(page).text
    assert "首次消费后也可能不再来" in other and "消费次数用 MBG/NBD" in other
    assert "平均约 127 天" in shown and "8 天及以上" in shown and "10%–20%" in shown and "−5.0%" in shown
