"""The database driver beneath a connection of the session, for what goes past SQLAlchemy's own execution."""

from collections.abc import Sequence
from typing import Any, cast

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def of(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's connection, in the same transaction."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise ValueError("the session has lost its connection")
    return cast(psycopg.Connection[Any], driver)


def execute(connection: Connection, sql: str, values: Sequence[Any]) -> psycopg.Cursor[Any]:
    """Run a statement with numbered placeholders in the connection's transaction, which it begins if need be."""
    return psycopg.RawCursor(of(connection)).execute(sql, values)


def execute_alone(connection: Connection, sql: str, values: Sequence[Any]) -> psycopg.Cursor[Any]:
    """Run a statement as a transaction of its own, without BEGIN and COMMIT, if none is under way on the connection."""
    link = of(connection)
    if link.pgconn.transaction_status != TransactionStatus.IDLE:
        return execute(connection, sql, values)
    link.autocommit = True
    try:
        return psycopg.RawCursor(link).execute(sql, values)
    finally:
        if not link.closed:
            link.autocommit = False


def as_sqlalchemy_raises(connection: Connection, sql: str, error: psycopg.Error) -> BaseException:
    """The driver's error as the session's other statements raise it; a lost connection is given up with its pool.

    The values of the statement stay out of it: they may be personal.
    """
    is_lost = connection.dialect.is_disconnect(cast(Any, error), cast(Any, of(connection)), None)
    if is_lost:
        connection.invalidate(error)
        connection.engine.dispose()  # the others are as old
    return DBAPIError.instance(
        sql, None, error, psycopg.Error, connection_invalidated=is_lost, dialect=connection.dialect
    )
