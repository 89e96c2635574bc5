"""The statistics of buying again: the papers' own figures, and worlds that say nothing."""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln, gammaln
from scipy.stats import beta, invgamma

from app.lifecycle.predictions import engine
from app.lifecycle.predictions.rules import Group, Obstacle, Spending
from app.lifecycle.predictions.statistics import bgnbd, forecasting, gamma_gamma

pytestmark = pytest.mark.no_database

CDNOW = Path(__file__).parent / "cdnow" / "customers.csv"
PAPER = bgnbd.Parameters(0.243, 4.414, 0.793, 2.426)


@pytest.fixture(scope="module")
def customers() -> np.ndarray:
    """Repeat purchases, last day, days, mean in cents, customers: one column each."""
    with CDNOW.open(encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    return np.array(rows, dtype=float).T


def group(x: float, t_x: float, T: float, members: float = 1) -> bgnbd.Seen:
    return bgnbd.Seen(*(np.array([float(one)]) for one in (x, t_x, T, members)))


def test_the_papers_estimates_are_found(customers: np.ndarray) -> None:
    x, t_x, T, _, members = customers

    found = bgnbd.fit(bgnbd.Seen(x, t_x / 7, T / 7, members))

    assert members.sum() == 2357
    assert found.converged
    assert [round(one, 3) for one in found.parameters] == [0.243, 4.414, 0.793, 2.426]
    assert round(found.log_likelihood, 1) == -9582.4


def test_the_amounts_estimates_are_found(customers: np.ndarray) -> None:
    x, _, _, mean, members = customers
    again = x > 0

    found = gamma_gamma.fit(gamma_gamma.Seen(x[again], mean[again] / 100, members[again]))

    assert members[again].sum() == 946
    assert found.converged
    assert [round(one, 2) for one in found.parameters] == [6.25, 3.74, 15.45]


def test_the_papers_example_is_expected_so_often() -> None:
    """Two repeat purchases, the last in week 30.43 of 38.86: 1.226 purchases in 39 weeks."""
    assert bgnbd.expected(group(2, 30.43, 38.86), PAPER, weeks=39)[0] == pytest.approx(1.226, abs=0.001)


@settings(max_examples=25)
@given(
    x=st.integers(0, 300),
    last=st.floats(0, 1),
    T=st.floats(0.2, 500),
    weeks=st.floats(1, 60),
    by=st.builds(
        bgnbd.Parameters,
        r=st.floats(0.05, 20),
        alpha=st.floats(0.05, 50),
        a=st.one_of(st.floats(0.01, 3), st.floats(0.01, 1000), st.just(1.0)),
        b=st.floats(0.05, 1000),
        from_first=st.booleans(),
    ),
)
@example(x=0, last=0, T=0.2, weeks=60, by=bgnbd.Parameters(20, 1, 3, 2, from_first=True))
def test_expectation_is_the_integral_it_stands_for(
    x: int, last: float, T: float, weeks: float, by: bgnbd.Parameters
) -> None:
    """Over the chance to stop, which is beta distributed for who has not: no series, no special case.

    A member buys on at most one day a day.
    """
    x = min(x, int(T * 7))
    seen = group(x, last * T if x else 0, T)
    step = weeks / (by.alpha + T)

    def purchases(chance: float) -> float:
        share = -np.expm1(-(by.r + x) * np.log1p(chance * step)) / chance if chance > 1e-12 else (by.r + x) * step
        return float(share)

    # By quantiles of the chance, so that what matters is looked at however narrow it is. In some worlds these have too
    # few digits for a narrower bound than this.
    chances = beta(by.a, by.b + x + by.from_first)
    inner = quad(lambda u: purchases(float(chances.ppf(u))), 0, 1, limit=400, epsabs=1e-6, epsrel=1e-5)[0]
    wanted = inner * bgnbd.alive(seen, by)[0]

    assert bgnbd.expected(seen, by, weeks=weeks)[0] == pytest.approx(wanted, rel=2e-3, abs=1e-4)
    assert 0 <= bgnbd.returning(seen, by, weeks=weeks)[0] <= bgnbd.alive(seen, by)[0] <= 1


def test_longer_silence_makes_coming_less_likely() -> None:
    alive = [bgnbd.alive(group(9, 20, weeks), PAPER)[0] for weeks in (20, 25, 30, 40)]

    assert alive == sorted(alive, reverse=True)
    assert alive[0] > 0.7 > 0.2 > alive[-1]


def test_who_bought_once_is_alive_but_expected_less_and_less() -> None:
    assert bgnbd.alive(group(0, 0, 50), PAPER)[0] == 1
    assert bgnbd.expected(group(0, 0, 50), PAPER, weeks=13) < bgnbd.expected(group(0, 0, 2), PAPER, weeks=13)


def test_who_bought_once_may_be_gone_where_the_first_purchase_may_be_the_last() -> None:
    """By hand: two chances in three to stop, seen for 7 weeks at one purchase a week on average, r = alpha = 1."""
    by = bgnbd.Parameters(1, 1, 2, 1, from_first=True)

    assert bgnbd.alive(group(0, 0, 7), by)[0] == pytest.approx((1 / 8 * 1 / 3) / (1 / 8 * 1 / 3 + 2 / 3))


@pytest.mark.parametrize("from_first", [False, True])
def test_slopes_are_those_of_the_likelihood(customers: np.ndarray, from_first: bool) -> None:
    x, t_x, T, _, members = customers
    seen = bgnbd.Seen(x, t_x / 7, T / 7, members)
    found = bgnbd.fit(seen, from_first=from_first)
    r, alpha, a, b = found.parameters
    best = bgnbd.Parameters(r, alpha, a, b, from_first)

    def plain(by: bgnbd.Parameters) -> float:
        """Each way to what was seen, as it is told: so many purchases at their rates, so many chances not taken."""
        chances = x + from_first
        rate = gammaln(by.r + x) - gammaln(by.r) + by.r * np.log(by.alpha)
        kept = betaln(by.a, by.b + chances) - (by.r + x) * np.log(by.alpha + T / 7)
        left = betaln(by.a + 1, by.b + np.maximum(chances, 1) - 1) - (by.r + x) * np.log(by.alpha + t_x / 7)
        either = np.where(chances > 0, np.logaddexp(kept, left), kept)
        return float(members @ (rate + either - betaln(by.a, by.b)))

    assert found.converged
    assert plain(best) == pytest.approx(found.log_likelihood, abs=0.01)
    for name in ("r", "alpha", "a", "b"):
        for factor in (0.98, 1.02):
            assert plain(replace(best, **{name: getattr(best, name) * factor})) < plain(best)


STOPPING, GAP = 0.03, 24


def coming_once(seed: int, *, once: float) -> list[Group]:
    """Members of whom a part never comes again after the first purchase; the others go on, once in GAP days."""
    return histories(seed, shape=1.7, stopping=lambda purchases: once if purchases == 1 else 0)


def alike(seed: int, *, shape: float) -> list[Group]:
    """Members who all stop with one chance after a purchase but the first, at rates of one shape around one a gap."""
    return histories(seed, shape=shape, stopping=lambda purchases: 0 if purchases == 1 else STOPPING)


def histories(seed: int, *, shape: float, stopping: Callable[[int], float]) -> list[Group]:
    """2,000 members, each seen for a while, who stop with a chance after so many purchases."""
    chance, found = np.random.default_rng(seed), Counter[tuple[int, int, int]]()
    for rate in chance.gamma(shape, 1 / (GAP * shape), 2_000):
        days, seen = [0], int(chance.integers(1, 400))
        while (least := stopping(len(days))) == 0 or chance.random() >= least:
            day = days[-1] + max(1, round(chance.exponential(1 / rate)))
            if day > seen:
                break
            days.append(day)
        found[len(days) - 1, days[-1], seen] += 1
    return [Group(*which, members) for which, members in found.items()]


@pytest.mark.parametrize(("once", "from_first"), [(0.3, True), (0.0, False)])
def test_the_model_that_makes_what_was_seen_more_likely_holds(once: float, from_first: bool) -> None:
    groups = coming_once(5, once=once) if once else alike(10, shape=1.7)
    found = forecasting.fit_buying(groups)

    assert found.parameters is not None and found.parameters.from_first is from_first
    silent = [Group(0, 0, 200, 1)]
    alive = forecasting.forecast(silent, found.parameters, days=90)[0].alive
    assert (alive < 0.1) if from_first else (alive == 1)


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param([], id="nobody"),
        pytest.param([Group(3, 50, 60, 1)], id="one member"),
        pytest.param([Group(0, 0, 60, 500), Group(0, 0, 9, 40)], id="nobody bought again"),
    ],
)
def test_too_few_have_no_parameters(groups: list[Group]) -> None:
    found = forecasting.fit_buying(groups)

    assert (found.parameters, found.obstacle) == (None, Obstacle.TOO_FEW)
    assert forecasting.fit_amounts([]).obstacle == Obstacle.TOO_FEW


def test_a_search_without_a_maximum_says_so() -> None:
    """Averages are spread so far among members that they have no mean."""
    averages = invgamma.ppf(np.linspace(0.01, 0.99, 99), 0.5)
    found = forecasting.fit_amounts([Spending(50, float(one), 1) for one in averages])

    assert (found.parameters, found.obstacle) == (None, Obstacle.NO_MAXIMUM)


def test_amounts_that_never_vary_are_expected_as_they_are() -> None:
    """The likelihood rises for ever as the spread vanishes; a parameter at its bound is as good as any beyond."""
    found = forecasting.fit_amounts([Spending(days, 100.0, 50) for days in (1, 2, 3)]).parameters

    assert found is not None
    assert found.p * (found.gamma + 100) / (found.p + found.q - 1) == pytest.approx(100, rel=1e-3)


@pytest.mark.parametrize(("seed", "shape"), [(10, 1.7), (12, 1.7), (14, 1.7), (8, 90.0)])
def test_members_who_are_alike_have_parameters_too(seed: int, shape: float) -> None:
    """The likelihood hardly changes while a and b rise together; with the last shape r and alpha do so, too."""
    groups = alike(seed, shape=shape)
    found = forecasting.fit_buying(groups)
    by = found.parameters

    assert found.obstacle is None and by is not None
    assert by.a / (by.a + by.b) == pytest.approx(STOPPING, abs=0.005)
    assert 7 * by.alpha / by.r == pytest.approx(GAP, rel=0.1)
    forecasts = forecasting.forecast(groups, by, days=90)
    assert all(0 <= one.returning <= one.alive <= 1 and one.returning <= one.purchases < 90 for one in forecasts)


def test_what_is_not_a_number_is_no_fit() -> None:
    found = forecasting.fit_buying([Group(2, 10, 10, 40), Group(3, -700, 10, 40)])

    assert found.parameters is None


def test_forecasts_add_up(customers: np.ndarray) -> None:
    statistics = engine.load()
    groups = [Group(int(x), int(t_x), int(T), int(members)) for x, t_x, T, _, members in customers.T]
    by = statistics.fit_buying(groups).parameters
    assert by is not None

    found = statistics.forecast(groups, by, days=90)

    assert len(found) == len(groups)
    assert all(0 < one.returning < one.alive <= 1 for one in found)
    assert all(one.purchases >= one.returning for one in found)
    assert statistics.forecast([], by, days=90) == []
