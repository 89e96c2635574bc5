"""Attempts counted in each process and told by the handful: exact for one, nearly so for several, free when full."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import func, select

from app.kernel.db import db
from app.kernel.errors import Throttled
from app.verification import tallies
from app.verification.models import Attempt
from app.verification.tallies import Bound, Tallies
from tests.support.clock import StillClock

LIMIT = 30
HANDFUL = LIMIT // tallies.HANDFULS
BOUND = Bound("act:staff:1", LIMIT)


def let_through(processes: list[Tallies], clock: StillClock, *bounds: Bound, tries: int) -> int:
    """How many of the tries, made by the processes in turn, are not refused."""
    passed = 0
    for number in range(tries):
        try:
            processes[number % len(processes)].count(bounds or (BOUND,), now=clock.now)
            passed += 1
        except Throttled as refusal:
            assert 0 < refusal.facts["retry_after_s"] <= tallies.WINDOW_S + 1
    return passed


def test_one_process_is_exact_and_begins_anew_with_the_window(clock: StillClock) -> None:
    alone = [Tallies()]
    assert let_through(alone, clock, tries=2 * LIMIT) == LIMIT
    clock.advance(seconds=tallies.WINDOW_S)
    assert let_through(alone, clock, tries=2 * LIMIT) == LIMIT


def test_several_processes_let_through_a_handful_each_too_many_at_most(clock: StillClock) -> None:
    processes = [Tallies() for _ in range(4)]
    passed = let_through(processes, clock, tries=8 * LIMIT)
    assert LIMIT <= passed <= LIMIT + (len(processes) - 1) * HANDFUL
    assert let_through(processes, clock, tries=LIMIT) == 0
    assert let_through([Tallies()], clock, tries=2 * HANDFUL) <= HANDFUL


def test_the_database_hears_of_handfuls_and_of_nothing_more_once_a_bucket_is_full(
    clock: StillClock, count_statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    alone = Tallies()
    with count_statements() as seen:
        assert let_through([alone], clock, tries=HANDFUL) == HANDFUL
    assert seen == []
    with count_statements() as seen:
        let_through([alone], clock, tries=LIMIT)
    assert len(seen) < LIMIT // 2
    with count_statements() as seen:
        assert let_through([alone], clock, tries=LIMIT) == 0
    assert seen == []
    assert db.session.scalar(select(func.sum(Attempt.count))) == LIMIT + 1


def test_a_full_bucket_refuses_what_others_would_let_through(clock: StillClock) -> None:
    alone, wide = Tallies(), Bound("act:address:1", 100 * LIMIT)
    let_through([alone], clock, BOUND, wide, tries=LIMIT + 1)
    assert let_through([alone], clock, wide, BOUND, tries=3) == 0
    assert let_through([alone], clock, wide, Bound("act:staff:2", LIMIT), tries=3) == 3


def test_more_buckets_than_a_process_keeps_are_counted_all_the_same(
    clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "MOST_BUCKETS", 1)
    alone = Tallies()
    let_through([alone], clock, tries=1)
    assert let_through([alone], clock, Bound("act:staff:2", 3), tries=6) == 3
