"""The database driver beneath a connection of the session, for what goes past SQLAlchemy's own execution."""

from collections.abc import Sequence
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Engine, PoolProxiedConnection, event
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

# The server answers, but this connection is of no use any more, nor are those as old: it leads to what has become a
# standby (25006), or the server has ended it for its slowness.
_LOST_STATES = {"25006", "25P03", "25P04"}


def of(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's connection, in the same transaction."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise ValueError("the session has lost its connection")
    return cast(psycopg.Connection[Any], driver)


def execute(connection: Connection, sql: str, values: Sequence[Any]) -> psycopg.Cursor[Any]:
    """Run a statement with numbered placeholders in the connection's transaction, which it begins if need be."""
    return psycopg.RawCursor(of(connection)).execute(sql, values)


def execute_alone(session: Session, sql: str, values: Sequence[Any]) -> psycopg.Cursor[Any]:
    """Run a statement as a transaction of its own, without BEGIN and COMMIT; raises what the session would.

    On a connection straight from the pool: beginning and ending the session's own around one statement costs half as
    much as the statement. It goes back as it is, for the next such statement; whoever begins a transaction on it turns
    it round.
    """
    bind = cast(Engine, session.get_bind())
    lent = _lend(bind, sql)
    link = cast(psycopg.Connection[Any], lent.driver_connection)
    try:
        if not link.autocommit:
            link.autocommit = True
        return psycopg.RawCursor(link).execute(sql, values)
    except psycopg.Error as error:
        is_lost = _is_lost(bind.dialect, error, link)
        if is_lost:
            lent.invalidate(error)
            bind.dispose()
        raise _as_sqlalchemy(sql, error, bind.dialect, is_lost=is_lost) from error
    finally:
        lent.close()


@event.listens_for(Engine, "engine_connect")
def _let_begin(connection: Connection) -> None:
    link = connection.connection.driver_connection
    if link is not None and link.autocommit:
        link.autocommit = False


def _lend(bind: Engine, sql: str) -> PoolProxiedConnection:
    try:
        return bind.raw_connection()
    except psycopg.Error as error:  # no database there: the pool hands on what the driver says
        raise _as_sqlalchemy(sql, error, bind.dialect, is_lost=False) from error


def execute_within(connection: Connection, sql: str, values: Sequence[Any]) -> psycopg.Cursor[Any]:
    """As `execute`; raises what the session would."""
    try:
        return execute(connection, sql, values)
    except psycopg.Error as error:
        raise as_sqlalchemy_raises(connection, sql, error) from error


def as_sqlalchemy_raises(connection: Connection, sql: str, error: psycopg.Error) -> BaseException:
    """The driver's error as the session's other statements raise it; a lost connection is given up with its pool.

    The values of the statement stay out of it: they may be personal.
    """
    is_lost = _is_lost(connection.dialect, error, of(connection))
    if is_lost:
        connection.invalidate(error)
        connection.engine.dispose()  # the others are as old
    return _as_sqlalchemy(sql, error, connection.dialect, is_lost=is_lost)


def _is_lost(dialect: Dialect, error: psycopg.Error, link: psycopg.Connection[Any]) -> bool:
    return error.sqlstate in _LOST_STATES or dialect.is_disconnect(cast(Any, error), cast(Any, link), None)


@event.listens_for(Engine, "handle_error")
def _give_up_lost(context: ExceptionContext) -> None:
    if getattr(context.original_exception, "sqlstate", None) in _LOST_STATES:
        context.is_disconnect = True  # the session's own statements: SQLAlchemy drops the connection and its pool


def _as_sqlalchemy(sql: str, error: psycopg.Error, dialect: Dialect, *, is_lost: bool) -> BaseException:
    return DBAPIError.instance(sql, None, error, psycopg.Error, connection_invalidated=is_lost, dialect=dialect)
