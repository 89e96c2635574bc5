"""A database that answers but takes no writes any more, or ended the session, is a lost connection: refused once."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from app.kernel.db import atomic, db, table_of
from app.kernel.fastpath.prepared import Prepared
from app.kernel.models import Heartbeat
from tests.support.clock import START

_BEAT = insert(table_of(Heartbeat)).values({name: bindparam(name) for name in ("worker", "beat_at", "facts")})
_WRITE, _WRITE_ALONE = Prepared(_BEAT), Prepared(_BEAT, alone=True)
_VALUES = {"worker": "a", "beat_at": START, "facts": {}}


def _by_session() -> None:
    with atomic():
        db.session.add(Heartbeat(**_VALUES))


def _at_once() -> None:
    with atomic():
        _WRITE.run(**_VALUES)


def _at_the_end() -> None:
    with atomic():
        _WRITE.later(_VALUES)


def _alone() -> None:
    with atomic():
        _WRITE_ALONE.run(**_VALUES)


def _make_read_only() -> None:
    """The pool's one connection, as that of a server that became a standby."""
    db.session.remove()
    db.engine.dispose()
    with db.engine.connect() as connection:
        connection.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        connection.commit()


WAYS = [_by_session, _at_once, _at_the_end, _alone]


@pytest.mark.parametrize("write", WAYS)
def test_a_database_that_became_read_only_is_refused_once(committed_app: Flask, write: Callable[[], None]) -> None:
    _make_read_only()
    with pytest.raises(DBAPIError) as loss:
        write()
    with committed_app.test_request_context("/api/v1/members/me"):
        answer = committed_app.finalize_request(committed_app.handle_user_exception(loss.value))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    write()
    assert db.session.scalar(select(func.count()).select_from(Heartbeat)) == 1


def test_it_is_not_ready_though_it_answers(committed_app: Flask) -> None:
    client = committed_app.test_client()
    assert '"database":true' in client.get("/readyz").text
    _make_read_only()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert '"database":false' in answer.text


def test_a_session_that_idled_too_long_in_its_work_is_refused_once(committed_app: Flask) -> None:
    with pytest.raises(DBAPIError) as loss, atomic():
        db.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 1"))
        _wait_until_ended(db.session.scalar(select(func.pg_backend_pid())) or 0)
        _WRITE.run(**_VALUES)
    assert loss.value.connection_invalidated
    _at_once()


def _wait_until_ended(pid: int) -> None:
    """Asked by another connection; `pg_terminate_backend` with a timeout would end it itself."""
    with db.engine.connect() as other:
        while other.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid"), {"pid": pid}):
            other.rollback()  # each transaction sees the activity as it is then
