"""Writes that wait for the end of their transaction, and then go to the database together in one round trip.

The session tells of its commit and of any other statement by events, so `atomic` need not know of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from app.kernel.fastpath import driver

Check = Callable[[int], None]
_KEY = "huitou.pending"


@dataclass(frozen=True, slots=True)
class _Write:
    sql: str
    values: Sequence[Any]
    check: Check | None


@dataclass(slots=True)
class PendingWrites:
    """What a session's transaction has yet to send, in order."""

    _writes: list[_Write] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self._writes)

    def add(self, connection: Connection, sql: str, values: Sequence[Any], check: Check | None) -> None:
        """Let a write wait on the transaction's connection; `check` gets the number of rows it wrote and may raise."""
        connection.info[_KEY] = self
        self._writes.append(_Write(sql, values, check))

    def drop(self) -> None:
        """Forget what was not sent: the transaction is rolled back."""
        self._writes.clear()

    def send(self, connection: Connection) -> None:
        """Send all in order, in one round trip, and check each; raises the first one's error as the session would."""
        if not self:
            return
        self._send(connection)

    def send_before(self, connection: Connection, sql: str, values: Sequence[Any]) -> psycopg.Cursor[Any]:
        """Send all, and one statement more at the end of the same round trip; returns its cursor."""
        self.add(connection, sql, values, None)
        return self._send(connection)[-1]

    def _send(self, connection: Connection) -> list[psycopg.Cursor[Any]]:
        writes, self._writes = self._writes, []
        cursors = _run(connection, writes)
        for write, cursor in zip(writes, cursors, strict=True):
            if write.check is not None:
                write.check(cursor.rowcount)
        return cursors


def _run(connection: Connection, writes: list[_Write]) -> list[psycopg.Cursor[Any]]:
    link = driver.of(connection)
    try:
        with link.pipeline():
            return [driver.execute(connection, write.sql, write.values) for write in writes]
    except psycopg.Error as error:
        sql = "; ".join(write.sql for write in writes)
        raise driver.as_sqlalchemy_raises(connection, sql, error) from error


def of(session: Session) -> PendingWrites:
    """The writes that wait in the session."""
    waiting: PendingWrites = session.info.setdefault(_KEY, PendingWrites())
    return waiting


def waiting_on(connection: Connection) -> PendingWrites | None:
    """What waits in the connection's transaction, if anything does."""
    waiting: PendingWrites | None = connection.info.get(_KEY)
    return waiting or None


def send_first(connection: Connection) -> None:
    """Send what waits in the connection's transaction, so that what follows comes after it and sees it."""
    waiting = waiting_on(connection)
    if waiting is not None:
        waiting.send(connection)


@event.listens_for(Engine, "before_cursor_execute")
def _keep_order(connection: Connection, *rest: object) -> None:
    send_first(connection)


@event.listens_for(Session, "before_commit")
def _send_last(session: Session) -> None:
    waiting: PendingWrites | None = session.info.get(_KEY)
    if waiting:
        waiting.send(session.connection())


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    waiting: PendingWrites | None = session.info.get(_KEY)
    if waiting:
        waiting.drop()
