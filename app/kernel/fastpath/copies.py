"""COPY within the session's transaction: large results that never gather in memory, and many rows written at once."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Select, text

from app.kernel.db import db
from app.kernel.fastpath import driver, pending


@contextmanager
def copy_out(rows: Select[Any], options: str = "FORMAT text") -> Iterator[Any]:
    """psycopg's running `COPY (rows) TO STDOUT`: iterate it for bytes, or its `rows()` for tuples of text and None.

    Until the block ends the session can do nothing else.
    """
    connection = db.session.connection()
    compiled = rows.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    pending.send_first(connection)
    statement = f"COPY ({compiled}) TO STDOUT ({options})"
    try:
        with driver.of(connection).cursor() as cursor, cursor.copy(statement, compiled.params) as copy:
            yield copy
            for _ in copy:  # rows left unread would block the connection
                pass
    except BaseException:
        connection.invalidate()  # broken off in the middle it cannot even roll back
        raise


def copy_in(table: type[Any], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows into a table by COPY, in the session's transaction; columns that are not named get their defaults.

    Constraints hold as for INSERT, and the first row that breaks one raises what an INSERT in the session would.
    """
    statement = f"COPY {table.__tablename__} ({', '.join(columns)}) FROM STDIN"
    connection = db.session.connection()
    pending.send_first(connection)
    try:
        with driver.of(connection).cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise driver.as_sqlalchemy_raises(connection, statement, error) from error


# The sequence is looked up once, not for each number: that took ten times as long.
_NEXT_IDS = text(
    "SELECT nextval((SELECT CAST(pg_get_serial_sequence(:table, 'id') AS regclass))) FROM generate_series(1, :count)"
)


def next_ids(table: type[Any], count: int) -> list[int]:
    """So many fresh numbers of a table's identity column `id`, ascending."""
    given = {"table": table.__tablename__, "count": count}
    return list(db.session.scalars(_NEXT_IDS, given)) if count else []
