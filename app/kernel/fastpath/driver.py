"""The database driver beneath a connection of the session, for what goes past SQLAlchemy's own execution."""

from typing import Any, cast

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def of(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's connection, in the same transaction."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise ValueError("the session has lost its connection")
    return cast(psycopg.Connection[Any], driver)


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
