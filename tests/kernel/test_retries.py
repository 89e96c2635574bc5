"""Tries inside one call: as many as allowed, with pauses that grow and are never the same."""

import time

import pytest

from app.kernel.platforms import retries

pytestmark = pytest.mark.no_database


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, instead of making them."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    return made


def test_every_try_knows_whether_it_is_the_last(pauses: list[float]) -> None:
    assert list(retries.attempts(3)) == [False, False, True]
    assert list(retries.attempts(1)) == [True]


def test_pauses_lie_between_tries_double_and_vary(pauses: list[float]) -> None:
    for _ in range(50):
        list(retries.attempts(4, first_pause_s=1.0))
    for first, second, third in zip(pauses[::3], pauses[1::3], pauses[2::3], strict=True):
        assert 0.5 <= first <= 1.5
        assert 1.0 <= second <= 3.0
        assert 2.0 <= third <= 6.0
    assert len(set(pauses)) > 100


def test_a_call_that_succeeds_makes_no_pause(pauses: list[float]) -> None:
    for _ in retries.attempts(5, first_pause_s=9.0):
        break
    assert pauses == []
