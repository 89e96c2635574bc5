"""One mechanism for every queue: claimed under a lease, tried again, given up, put back. On two small tables."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import BigInteger, MetaData, Table, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.kernel import outbox
from app.kernel.db import NAMING, Model, atomic, db
from app.kernel.outbox import Claim, Pauses, Queue, Queued
from tests.support.clock import START
from tests.support.patience import PATIENCE_S
from tests.support.races import race

LEASE = timedelta(minutes=1)
PAUSES = Pauses(first=timedelta(seconds=2), longest=timedelta(seconds=10), most_attempts=4)
WORKERS = 6


class Base(DeclarativeBase):
    """Tables of this file alone."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = Model.type_annotation_map


class Errand(Queued, Base):
    """Something to do, known by a number."""

    __tablename__ = "test_errands"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    answer: Mapped[str | None]
    __table_args__ = outbox.table_args("test_errands")


class MemberErrand(Queued, Base):
    """Something to do for a member, keyed by the member."""

    __tablename__ = "test_member_errands"
    member_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    answer: Mapped[str | None]
    __table_args__ = outbox.table_args("test_member_errands")


def queue_of(model: type[Any]) -> Queue[Any]:
    return Queue(model, lease=LEASE, pauses=PAUSES)


def make_table(model: type[Any]) -> None:
    table: Table = model.__table__
    table.create(db.session.connection())


@pytest.fixture(params=[Errand, MemberErrand])
def model(request: pytest.FixtureRequest) -> type[Any]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def queue(model: type[Any], db_session: object) -> Queue[Any]:
    make_table(model)
    return queue_of(model)


@pytest.fixture
def committed_queue(model: type[Any], committed_app: Flask) -> Iterator[Queue[Any]]:
    with atomic():
        make_table(model)
    yield queue_of(model)


def add(queue: Queue[Any], number: int, *, due_at: datetime = START) -> None:
    key = {"member_id": number % 3 + 1} if queue.model is MemberErrand else {}
    db.session.add(queue.model(id=number, due_at=due_at, attempts=0, **key))
    db.session.flush()


def only(queue: Queue[Any]) -> Any:
    return db.session.scalars(select(queue.model).execution_options(populate_existing=True)).one()


def take(queue: Queue[Any], *, now: datetime = START, limit: int = 10) -> list[Claim]:
    return [outbox.claim_of(row) for row in outbox.claim(queue, now=now, limit=limit)]


def numbers(claims: list[Claim]) -> set[int]:
    return {claim.key[-1] for claim in claims}


def test_what_is_due_is_claimed_once_the_longest_due_first(queue: Queue[Any]) -> None:
    for number in range(1, 6):
        add(queue, number, due_at=START - timedelta(seconds=number))
    add(queue, 6, due_at=START + timedelta(seconds=1))
    assert numbers(take(queue, limit=2)) == {5, 4}
    assert numbers(take(queue)) == {1, 2, 3}
    assert take(queue) == []
    assert numbers(take(queue, now=START + timedelta(seconds=1))) == {6}


def test_conditions_narrow_a_claim(queue: Queue[Any]) -> None:
    add(queue, 1)
    add(queue, 2)
    found = outbox.claim(queue, queue.model.id == 2, now=START, limit=10)
    assert [row.id for row in found] == [2]
    assert numbers(take(queue)) == {1}


def test_a_worker_that_says_nothing_gives_its_rows_back_when_the_lease_is_over(queue: Queue[Any]) -> None:
    add(queue, 1)
    (first,) = take(queue)
    assert take(queue, now=START + LEASE - timedelta(seconds=1)) == []
    (second,) = take(queue, now=START + LEASE)
    assert (first.attempt, second.attempt) == (1, 2)


def test_what_is_done_stays_done(queue: Queue[Any]) -> None:
    add(queue, 1)
    (claim,) = take(queue)
    assert outbox.finish(queue, claim, now=START, answer="yes")
    assert not outbox.finish(queue, claim, now=START + LEASE, answer="no")
    assert not outbox.give_up(queue, claim, error="late", now=START)
    assert take(queue, now=START + timedelta(days=1)) == []
    row = only(queue)
    assert (row.done_at, row.answer, row.last_error, row.given_up_at) == (START, "yes", None, None)


def test_a_failed_try_rests_longer_from_time_to_time(queue: Queue[Any]) -> None:
    add(queue, 1)
    now = START
    for seconds in (2, 4, 8):
        (claim,) = take(queue, now=now)
        assert not outbox.postpone(queue, claim, error="away", now=now)
        row = only(queue)
        assert (row.due_at, row.last_error) == (now + timedelta(seconds=seconds), "away")
        now = row.due_at


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 2), (2, 4), (3, 8), (4, 10), (5, 10), (10_000, 10)])
def test_pauses_double_up_to_the_longest(attempt: int, seconds: int) -> None:
    assert PAUSES.after(attempt) == timedelta(seconds=seconds)


def test_the_last_try_makes_a_dead_letter(queue: Queue[Any]) -> None:
    add(queue, 1)
    _exhaust(queue)
    row = only(queue)
    assert (row.given_up_at is not None, row.last_error, row.attempts) == (True, "away", PAUSES.most_attempts)
    assert take(queue, now=START + timedelta(days=1)) == []


def _exhaust(queue: Queue[Any]) -> Claim:
    now = START
    while True:
        (claim,) = take(queue, now=now)
        if outbox.postpone(queue, claim, error="away", now=now):
            return claim
        now += PAUSES.longest


def test_a_row_that_kills_its_workers_is_given_up_too(queue: Queue[Any]) -> None:
    add(queue, 1)
    for died in range(PAUSES.most_attempts or 0):
        assert len(take(queue, now=START + LEASE * died)) == 1
    assert take(queue, now=START + LEASE * 10) == []
    assert (only(queue).given_up_at, only(queue).last_error) == (START + LEASE * 10, outbox.DIED)


def test_without_a_most_number_a_row_is_tried_for_ever(queue: Queue[Any]) -> None:
    add(queue, 1)
    patient = Queue(queue.model, lease=LEASE, pauses=Pauses(first=LEASE, longest=LEASE))
    for tries in range(50):
        (claim,) = take(patient, now=START + LEASE * tries)
        assert not outbox.postpone(patient, claim, error="away", now=START + LEASE * (tries - 1))


def test_a_dead_letter_is_listed_and_put_back_with_all_its_tries(queue: Queue[Any]) -> None:
    add(queue, 1)
    claim = _exhaust(queue)
    assert [row.id for row in outbox.list_dead(queue, limit=10)] == [1]
    assert (outbox.count_dead(queue), outbox.count_dead(queue, queue.model.id == 2)) == (1, 0)
    assert getattr(outbox.find_dead(queue, claim.key), "id", None) == 1
    later = START + timedelta(days=1)
    assert outbox.requeue(queue, claim.key, now=later)
    assert not outbox.requeue(queue, claim.key, now=later)
    assert outbox.find_dead(queue, claim.key) is None
    assert [one.attempt for one in take(queue, now=later)] == [1]


def test_a_slow_worker_puts_nothing_off_that_another_has_claimed(queue: Queue[Any]) -> None:
    add(queue, 1)
    (slow,) = take(queue)
    (quick,) = take(queue, now=START + LEASE)
    outbox.postpone(queue, slow, error="slow", now=START + LEASE)
    assert not outbox.give_up(queue, slow, error="slow", now=START + LEASE)
    assert (only(queue).due_at, only(queue).last_error) == (START + LEASE * 2, None)
    assert outbox.finish(queue, quick, now=START + LEASE)


def test_a_slow_worker_that_succeeded_is_believed_even_after_giving_up(queue: Queue[Any]) -> None:
    add(queue, 1)
    (slow,) = take(queue)
    (quick,) = take(queue, now=START + LEASE)
    assert outbox.give_up(queue, quick, error="refused", now=START + LEASE)
    assert outbox.finish(queue, slow, now=START + LEASE * 2)
    assert (only(queue).done_at, only(queue).given_up_at) == (START + LEASE * 2, None)


def test_a_row_cannot_be_done_and_given_up(queue: Queue[Any]) -> None:
    add(queue, 1)
    with pytest.raises(IntegrityError, match="one_end"):
        db.session.execute(update(queue.model).values(done_at=START, given_up_at=START))


def _round_of(claim: Callable[[], list[int]]) -> Callable[[], list[int]]:
    def run() -> list[int]:
        with atomic():
            return claim()

    return run


def test_many_workers_never_claim_a_row_twice(committed_app: Flask, committed_queue: Queue[Any]) -> None:
    with atomic():
        for number in range(60):
            add(committed_queue, number)

    def claim() -> list[int]:
        return [one.key[-1] for one in take(committed_queue, limit=5)]

    claimed = [number for answer in race(committed_app, [_round_of(claim)] * WORKERS) for number in answer]
    while more := _round_of(claim)():
        claimed += more
    assert sorted(claimed) == list(range(60))


def test_control_claims_that_look_first_and_write_later_overlap(
    committed_app: Flask, committed_queue: Queue[Any]
) -> None:
    """The same race with the due time not asked again in the UPDATE, and no row lock in the look."""
    with atomic():
        add(committed_queue, 1)
    model, have_looked = committed_queue.model, threading.Barrier(2)
    key = [model.__table__.c[column.name] for column in model.__table__.primary_key]

    def careless() -> list[int]:
        keys = db.session.execute(select(*key).where(model.due_at <= START)).all()
        have_looked.wait(PATIENCE_S)
        taken = (
            update(model)
            .where(tuple_(*key).in_([tuple(one) for one in keys]))
            .values(due_at=START + LEASE)
            .returning(model.id)
            .execution_options(synchronize_session=False)
        )
        return list(db.session.scalars(taken))

    assert race(committed_app, [_round_of(careless)] * 2) == [[1], [1]]
