"""Large results by COPY: they stream through the session's transaction and never gather in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Select

from app.kernel.db import db


@contextmanager
def copy_out(rows: Select[Any], options: str = "FORMAT text") -> Iterator[Any]:
    """psycopg's running `COPY (rows) TO STDOUT`: iterate it for bytes, or its `rows()` for tuples of text and None.

    Until the block ends the session can do nothing else.
    """
    connection = db.session.connection()
    compiled = rows.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    driver = connection.connection.driver_connection
    if driver is None:
        raise ValueError("the session has lost its connection")
    statement = f"COPY ({compiled}) TO STDOUT ({options})"
    try:
        with driver.cursor() as cursor, cursor.copy(statement, compiled.params) as copy:
            yield copy
            for _ in copy:  # rows left unread would block the connection
                pass
    except BaseException:
        connection.invalidate()  # broken off in the middle it cannot even roll back
        raise
