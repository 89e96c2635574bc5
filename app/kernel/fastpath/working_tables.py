"""Rows kept for the statements that follow in the same transaction, as a table of the session alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Column, Executable, MetaData, Table, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

from app.kernel.db import db


class _KeepRows(Executable, ClauseElement):
    """Compiled once for each name and shape of query, like the query itself."""

    inherit_cache = True
    _traverse_internals = [("name", InternalTraversal.dp_string), ("rows", InternalTraversal.dp_clauseelement)]

    def __init__(self, name: str, rows: SelectBase) -> None:
        self.name = name
        self.rows = rows


@compiles(_KeepRows)
def _compile(element: _KeepRows, compiler: SQLCompiler, **options: Any) -> str:
    return f"CREATE TEMP TABLE {element.name} ON COMMIT DROP AS {compiler.process(element.rows, **options)}"


def temporary_table(name: str, *columns: Column[Any]) -> Table:
    """A table of the session alone, gone with the transaction; to be made and filled by statements of its user."""
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


@contextmanager
def working_table(name: str, rows: SelectBase) -> Iterator[Table]:
    """The rows as a table with the query's columns, until the block ends; the planner knows how many they are."""
    db.session.execute(_KeepRows(name, rows))
    db.session.execute(text(f"ANALYZE {name}"))
    yield _table(name, *((column.name, type(column.type)) for column in rows.selected_columns))
    db.session.execute(text(f"DROP TABLE {name}"))


@cache
def _table(name: str, *columns: tuple[str, type[TypeEngine[Any]]]) -> Table:
    """The same object for the same columns: statements over it are compiled once, too."""
    return Table(name, MetaData(), *(Column(column, type_) for column, type_ in columns))
