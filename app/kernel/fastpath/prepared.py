"""Statements that are built once, as constants of their module, and run often.

SQLAlchemy builds the SQL and converts the values; the driver runs it, in the session's transaction, and prepares it on
the server. For a short statement SQLAlchemy's own execution would cost more than the database's work
(`script/bench redemption`). Writes may also wait for the end of the transaction and then share one round trip.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any, cast

import psycopg
from sqlalchemy import CompoundSelect, Delete, Engine, Insert, Select, Update
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.kernel.db import db, is_atomic
from app.kernel.fastpath import driver, pending

# Numbered placeholders are PostgreSQL's own: the driver hands the text on as it is, where it would read through a long
# text with named ones at every call.
_DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_Convert = Callable[[Any], Any]


class Prepared:
    """One statement with named values and typed columns; lists go in as arrays, never as IN (…).

    Rows are named tuples. Errors are those the session raises. `sql` is the text as the driver gets it.

    With `alone` it is a transaction of its own as long as the session's has sent nothing: that saves BEGIN and COMMIT.
    It is for reads whose rows need not stay as they are, and for an act that is one statement: `atomic` then finds
    nothing left to commit.
    """

    def __init__(
        self, clause: Select[Any] | CompoundSelect[Any] | Insert | Update | Delete, *, alone: bool = False
    ) -> None:
        self._alone = alone
        columns = clause.exported_columns
        if isinstance(clause, Insert) and not len(columns):
            clause = clause.inline()  # else SQLAlchemy asks for the new row's key
        compiled = clause.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what these clauses compile to
        if compiled.post_compile_params:
            raise ValueError("a list as value changes the statement's text; hand in an array")
        self.sql = str(compiled)
        self._fixed: dict[str, Any] = {}
        self._order: list[tuple[str, _Convert | None]] = []
        self._set_values(compiled)
        self._named: _Convert = cast(Any, namedtuple)("Row", columns.keys())._make
        self._read = [_reader(column.type) for column in columns]
        self._reads = any(self._read)

    def _set_values(self, compiled: SQLCompiler) -> None:
        for name in compiled.positiontup or ():
            bind = compiled.binds[name]
            convert = bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
            if not bind.required:
                self._fixed[name] = convert(bind.effective_value) if convert else bind.effective_value
                convert = None
            self._order.append((name, convert))

    def all(self, **values: Any) -> Sequence[Any]:
        """Every row."""
        return [self._row(row) for row in self._run(values).fetchall()]

    def first(self, **values: Any) -> Any:
        """The first row, or None."""
        row = self._run(values).fetchone()
        return None if row is None else self._row(row)

    def run(self, **values: Any) -> int:
        """Do it now; returns how many rows were touched."""
        return self._run(values).rowcount

    def later(self, values: dict[str, Any], check: pending.Check | None = None) -> None:
        """Do it before anything else is sent in this transaction, at the latest when it commits.

        `check` then gets the number of rows and may raise. Outside a unit of work it is done at once.
        """
        session = db.session()
        waiting = pending.of(session)
        waiting.add(session.connection(), self.sql, self.ordered(values), check)
        if not is_atomic():
            waiting.send(session.connection())

    def _run(self, values: dict[str, Any]) -> psycopg.Cursor[Any]:
        session = db.session()
        if self._alone and not session.in_transaction() and isinstance(session.get_bind(), Engine):
            return driver.execute_alone(session, self.sql, self.ordered(values))
        connection = session.connection()
        waiting = pending.waiting_on(connection)
        if waiting is not None:
            return waiting.send_before(connection, self.sql, self.ordered(values))
        return driver.execute_within(connection, self.sql, self.ordered(values))

    def ordered(self, values: dict[str, Any]) -> list[Any]:
        """The values as the driver gets them, in the order of the placeholders in `sql`."""
        given = self._fixed | values
        return [convert(given[name]) if convert else given[name] for name, convert in self._order]

    def _row(self, row: Sequence[Any]) -> Any:
        if not self._reads:
            return self._named(row)
        return self._named([read(value) if read else value for read, value in zip(self._read, row, strict=True)])


def _reader(type_: TypeEngine[Any]) -> _Convert | None:
    return type_.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
