"""Prepared statements behave as the session's own: order, types, errors, what waits, what is lost."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import bindparam, create_engine, delete, func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.kernel.db import atomic, db, table_of
from app.kernel.errors import Busy
from app.kernel.fastpath.prepared import Prepared
from app.kernel.models import Heartbeat
from tests.support.clock import START
from tests.support.races import race

BEATS = table_of(Heartbeat)
WRITE = Prepared(insert(BEATS).values({name: bindparam(name) for name in ("worker", "beat_at", "facts")}))
READ = Prepared(select(BEATS.c.worker, BEATS.c.beat_at, BEATS.c.facts).where(BEATS.c.worker == bindparam("worker")))
WRITE_ALONE = Prepared(
    insert(BEATS).values({name: bindparam(name) for name in ("worker", "beat_at", "facts")}), alone=True
)
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
CLEAR = Prepared(delete(BEATS).where(BEATS.c.worker == bindparam("worker")))


def beat(worker: str) -> dict[str, object]:
    return {"worker": worker, "beat_at": START, "facts": {"第": [1, None]}}


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Heartbeat)) or 0


def test_values_go_in_and_come_out_as_their_columns_say() -> None:
    assert WRITE.run(**beat("a")) == 1
    (row,) = READ.all(worker="a")
    assert (row.worker, row.beat_at, row.facts) == ("a", START, {"第": [1, None]})
    assert row.beat_at.tzinfo is UTC
    assert READ.first(worker="a") == row
    assert READ.first(worker="nobody") is None
    assert READ.all(worker="nobody") == []
    assert CLEAR.run(worker="a") == 1


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        WRITE.run(worker="a", beat_at=datetime(2026, 1, 1), facts={})  # noqa: DTZ001


def test_a_statement_whose_text_depends_on_its_values_cannot_be_prepared() -> None:
    with pytest.raises(ValueError, match="array"):
        Prepared(select(BEATS.c.worker).where(BEATS.c.worker.in_(bindparam("workers", expanding=True))))


def test_what_waits_is_sent_before_the_session_reads() -> None:
    with atomic():
        WRITE.later(beat("a"))
        assert count() == 1


def test_what_waits_is_sent_before_another_prepared_statement_and_in_order() -> None:
    with atomic():
        WRITE.later(beat("a"))
        CLEAR.later({"worker": "a"})
        WRITE.later(beat("a"))
        assert len(READ.all(worker="a")) == 1


def test_what_waits_is_sent_before_what_the_session_flushes() -> None:
    with atomic():
        WRITE.later(beat("a"))
        db.session.add(Heartbeat(worker="a", beat_at=START, facts={}))
        with pytest.raises(IntegrityError, match="heartbeats"):
            db.session.flush()
        db.session.rollback()


def test_outside_a_unit_of_work_nothing_waits() -> None:
    WRITE.later(beat("a"))
    assert len(READ.all(worker="a")) == 1


def test_the_check_gets_the_rows_and_may_take_everything_back() -> None:
    found: list[int] = []

    def refuse(rows: int) -> None:
        found.append(rows)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), atomic():
        WRITE.later(beat("a"), check=found.append)
        CLEAR.later({"worker": "nobody"}, check=refuse)
    assert found == [1, 0]
    assert count() == 0


def test_what_a_broken_unit_of_work_had_waiting_is_dropped() -> None:
    with pytest.raises(ZeroDivisionError), atomic():
        WRITE.later(beat("a"))
        raise ZeroDivisionError
    with atomic():
        WRITE.later(beat("b"))
    assert (READ.all(worker="a"), len(READ.all(worker="b"))) == ([], 1)


def test_a_broken_constraint_is_named_and_everything_taken_back() -> None:
    with pytest.raises(IntegrityError) as refusal, atomic():
        WRITE.later(beat("a"))
        WRITE.later(beat("b"))
        WRITE.later(beat("a"))
        WRITE.later(beat("c"))
    assert refusal.value.orig.diag.constraint_name == "pk_heartbeats"  # type: ignore[union-attr]
    assert "第" not in str(refusal.value)
    assert count() == 0


def test_waiting_too_long_for_a_lock_is_busy(committed_app: Flask) -> None:
    with atomic():
        WRITE.later(beat("a"))
    db.session.execute(select(Heartbeat).with_for_update())

    def clear() -> None:
        with atomic():
            db.session.execute(text("SET LOCAL lock_timeout = 50"))
            CLEAR.later({"worker": "a"})

    assert [type(outcome) for outcome in race(committed_app, [clear])] == [Busy]
    db.session.rollback()
    assert count() == 1


def test_a_lost_connection_is_an_operational_error_and_the_next_use_has_a_new_one(committed_app: Flask) -> None:
    pid = db.session.scalar(select(func.pg_backend_pid()))

    def terminate() -> None:
        db.session.execute(select(func.pg_terminate_backend(pid)))

    race(committed_app, [terminate])
    with pytest.raises(OperationalError) as loss:
        READ.all(worker="a")
    assert loss.value.connection_invalidated
    db.session.rollback()
    assert READ.all(worker="a") == []
    assert db.session.scalar(select(func.pg_backend_pid())) != pid


def test_a_statement_alone_stays_when_what_comes_after_it_fails(committed_app: Flask) -> None:
    with pytest.raises(Busy), atomic():
        WRITE_ALONE.run(**beat("a"))
        WRITE.later(beat("b"))
        raise Busy
    assert [row.worker for row in db.session.execute(select(BEATS.c.worker))] == ["a"]


def test_a_statement_alone_belongs_to_a_unit_of_work_that_has_begun(committed_app: Flask) -> None:
    with pytest.raises(Busy), atomic():
        WRITE.run(**beat("b"))
        WRITE_ALONE.run(**beat("a"))
        raise Busy
    assert count() == 0


def test_a_statement_alone_fails_as_the_session_would_and_gives_its_connection_back(committed_app: Flask) -> None:
    WRITE_ALONE.run(**beat("a"))
    for _ in range(committed_app.extensions["huitou"].sizes.connections + 1):
        with pytest.raises(IntegrityError) as refusal:
            WRITE_ALONE.run(**beat("a"))
    assert refusal.value.orig.diag.constraint_name == "pk_heartbeats"  # type: ignore[union-attr]
    assert count() == 1


def test_a_statement_alone_on_a_lost_connection_is_refused_once(committed_app: Flask) -> None:
    WRITE_ALONE.run(**beat("a"))  # its connection waits in the pool
    administrator = create_engine(db.engine.url)
    with administrator.connect() as connection:
        connection.execute(text(f"{TERMINATE} WHERE datname = current_database() AND pid <> pg_backend_pid()"))
    administrator.dispose()
    with pytest.raises(OperationalError) as loss:
        WRITE_ALONE.run(**beat("b"))
    assert loss.value.connection_invalidated
    assert WRITE_ALONE.run(**beat("c")) == 1


def test_a_connection_lost_at_the_commit_writes_nothing(committed_app: Flask) -> None:
    def terminate(pid: int) -> None:
        db.session.execute(select(func.pg_terminate_backend(pid)))

    with pytest.raises(OperationalError), atomic():
        pid = db.session.scalar(select(func.pg_backend_pid())) or 0
        WRITE.later(beat("a"))
        race(committed_app, [lambda: terminate(pid)])
    assert count() == 0


def test_a_connection_lost_after_the_work_does_not_cost_the_answer(committed_app: Flask) -> None:
    with committed_app.app_context():  # leaving it lets go of the session, as the end of a request does
        pid = db.session.scalar(select(func.pg_backend_pid()))
        race(committed_app, [lambda: db.session.execute(select(func.pg_terminate_backend(pid)))])
    with committed_app.app_context():
        assert db.session.scalar(select(func.pg_backend_pid())) != pid


def test_units_of_work_do_not_nest() -> None:
    with pytest.raises(ValueError, match="nest"), atomic(), atomic():
        pass
    with atomic():  # and the first one has let go of the session
        WRITE.later(beat("a"))
    assert count() == 1
