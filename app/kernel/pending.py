"""Writes that wait for the end of their transaction, and then go to the database together in one round trip."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event

from app.kernel import driver

Check = Callable[[int], None]
_KEY = "huitou.pending"


@dataclass(frozen=True, slots=True)
class _Write:
    sql: str
    values: Mapping[str, Any]
    check: Check | None


@dataclass(slots=True)
class PendingWrites:
    """What one unit of work has yet to send, in order."""

    _writes: list[_Write] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self._writes)

    def add(self, connect: Callable[[], Connection], sql: str, values: Mapping[str, Any], check: Check | None) -> None:
        """Let a write wait on the transaction's connection; `check` gets the number of rows it wrote and may raise."""
        if not self:
            connect().info[_KEY] = self
        self._writes.append(_Write(sql, values, check))

    def drop(self) -> None:
        """Forget what was not sent: the transaction is rolled back."""
        self._writes.clear()

    def send(self, connection: Connection) -> None:
        """Send all in order, in one round trip, and check each; raises the first one's error as the session would."""
        if not self:
            return
        writes, self._writes = self._writes, []
        for write, rows in zip(writes, _run(connection, writes), strict=True):
            if write.check is not None:
                write.check(rows)


def _run(connection: Connection, writes: list[_Write]) -> list[int]:
    link = driver.of(connection)
    try:
        with link.pipeline():
            cursors = [link.execute(write.sql, write.values) for write in writes]
    except psycopg.Error as error:
        sql = "; ".join(write.sql for write in writes)
        raise driver.as_sqlalchemy_raises(connection, sql, error) from error
    return [cursor.rowcount for cursor in cursors]


def send_first(connection: Connection) -> None:
    """Send what waits in the connection's transaction, so that what follows comes after it and sees it."""
    waiting: PendingWrites | None = connection.info.get(_KEY)
    if waiting is not None:
        waiting.send(connection)


@event.listens_for(Engine, "before_cursor_execute")
def _keep_order(connection: Connection, *rest: object) -> None:
    send_first(connection)
