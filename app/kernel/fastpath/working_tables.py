"""A query's rows kept for the statements that follow in the same transaction, as a table of the session alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Executable, MetaData, Table, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase

from app.kernel.db import db


class _KeepRows(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, name: str, rows: SelectBase) -> None:
        self.name = name
        self.rows = rows


@compiles(_KeepRows)
def _compile(element: _KeepRows, compiler: SQLCompiler, **options: Any) -> str:
    return f"CREATE TEMP TABLE {element.name} ON COMMIT DROP AS {compiler.process(element.rows, **options)}"


@contextmanager
def working_table(name: str, rows: SelectBase) -> Iterator[Table]:
    """The rows as a table with the query's columns, until the block ends; the planner knows how many they are."""
    db.session.execute(_KeepRows(name, rows))
    db.session.execute(text(f"ANALYZE {name}"))
    yield Table(name, MetaData(), *(Column(column.name, column.type) for column in rows.selected_columns))
    db.session.execute(text(f"DROP TABLE {name}"))
