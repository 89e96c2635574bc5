"""Lots that run out in several batches at once: each lot once, members whose accounts somebody holds later."""

import threading
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel import clock as app_clock
from app.kernel.db import atomic, db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.points.ledger import ledger, queries
from app.points.ledger.accounts import lock_account
from app.points.ledger.many import expiring
from app.points.ledger.models import EntryKind, PointsEntry
from app.workers.points import points
from jobs import runner
from jobs.schedule import find_job
from jobs.subjects import points as jobs_of_points
from jobs.tools import Tools
from tests.builders.identity import make_member
from tests.support.clock import StillClock
from tests.support.patience import PATIENCE_S
from tests.support.races import race

POINTS = 30


def make_overdue(clock: StillClock, members: int) -> list[int]:
    """So many members, each with two lots that are over."""
    with atomic():
        ids = [make_member().id for _ in range(members)]
        for member_id in ids:
            for fact in ("a", "b"):
                ledger.accrue(
                    member_id, points=POINTS // 2, reason=note("测试"), fact=Fact("test", fact), now=clock.now
                )
    clock.advance(days=800)
    return ids


def count_expired() -> int:
    expired = select(func.count()).where(PointsEntry.kind == EntryKind.EXPIRE.value)
    return db.session.scalar(expired) or 0


def test_the_job_runs_batches_at_once_and_each_lot_runs_out_once(
    committed_app: Flask, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make_overdue(clock, 12)
    monkeypatch.setattr(jobs_of_points, "EXPIRY_BATCH", 4)
    job, parts = find_job("expire_points"), committed_app.extensions
    assert job is not None and job.at_once > 1
    tools = Tools(settings=parts["huitou"], gateway=parts["huitou.gateway"], gate=parts["huitou.gate"])
    ran = runner.run(job, tools, stopping=threading.Event())
    assert (ran["done"], ran["points"]) == (len(ids), len(ids) * POINTS)
    assert count_expired() == len(ids) * 2
    assert queries.list_disagreements() == []


def both(app: Flask, take: Callable[[date], Sequence[int]]) -> list[int]:
    """Whom two take who both have taken before either ends."""
    today, have_taken = app_clock.business_date(app_clock.now()), threading.Barrier(2)

    def one() -> list[int]:
        with atomic():
            taken = list(take(today))
            have_taken.wait(PATIENCE_S)
            return taken

    first, second = race(app, [one, one])
    return sorted(first + second)


def test_batches_at_once_take_different_members(committed_app: Flask, clock: StillClock) -> None:
    ids = make_overdue(clock, 6)
    assert both(committed_app, lambda today: expiring.take(6, today=today)) == ids


def test_without_the_lock_both_would_take_the_same(committed_app: Flask, clock: StillClock) -> None:
    """The control."""
    ids = make_overdue(clock, 3)
    taken = both(committed_app, lambda today: queries.list_members_with_overdue_lots(today=today, limit=6))
    assert taken == sorted(ids * 2)


def test_whose_account_is_held_is_passed_over_and_waited_for_at_last(committed_app: Flask, clock: StillClock) -> None:
    held, *others = make_overdue(clock, 3)
    holds, may_end = threading.Event(), threading.Event()

    def shop() -> None:
        with atomic():
            lock_account(held)
            holds.set()
            may_end.wait(PATIENCE_S)

    def night() -> list[int]:
        holds.wait(PATIENCE_S)
        first = points.expire_overdue_lots(limit=100).members
        may_end.set()
        return [first, points.expire_overdue_lots(limit=100).members, points.expire_overdue_lots(limit=100).members]

    assert race(committed_app, [shop, night])[1] == [len(others), 1, 0]
    assert count_expired() == 6
