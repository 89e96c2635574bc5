"""What statements of a page read: noted at the driver as they are sent, explained by PostgreSQL afterwards."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as the driver was given it."""

    cursor: type[psycopg.Cursor[Any]]
    text: str
    values: Any


@dataclass(frozen=True, slots=True)
class Reading:
    """How many rows statements read, those left out by a filter among them, and tables read from end to end."""

    rows: int
    scanned: frozenset[str]


@contextmanager
def noted() -> Iterator[list[Sent]]:
    """Every reading statement of this process in the block."""
    found: list[Sent] = []
    execute = psycopg.Cursor.execute
    psycopg.Cursor.execute = _noting(execute, found)  # type: ignore[method-assign]
    try:
        yield found
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


def read(url: str, statements: Collection[Sent], tables: Collection[str]) -> Reading:
    """What the statements read of the tables, sent once more to the database at the address."""
    rows, scanned = 0, set[str]()
    with psycopg.connect(url) as connection:
        for sent in statements:
            for scan in explain(connection, sent, tables, how="ANALYZE, "):
                rows += scan.rows
                scanned.update([scan.table] if scan.is_sequential else [])
    return Reading(rows, frozenset(scanned))


def explain(
    connection: psycopg.Connection[Any], sent: Sent, tables: Collection[str], *, how: str = ""
) -> Iterator["Scan"]:
    """Where the statement's plan reads one of the tables."""
    cursor = sent.cursor(connection)
    plan = cursor.execute(f"EXPLAIN ({how}FORMAT JSON) {sent.text}", sent.values).fetchone()
    assert plan is not None  # noqa: S101 - EXPLAIN answers with one row
    return _scans(plan[0][0]["Plan"], tables, ends_early=False)


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading of a table: from end to end (`is_whole`), or only what an index has or a limit lets through."""

    table: str
    is_sequential: bool
    is_whole: bool
    rows: int


def _scans(node: dict[str, Any], tables: Collection[str], *, ends_early: bool) -> Iterator[Scan]:
    if node.get("Relation Name") in tables:
        kind = node["Node Type"]
        by_condition = "Index Cond" in node or kind.startswith("Bitmap")
        whole = kind == "Seq Scan" or not (by_condition or ends_early)
        yield Scan(node["Relation Name"], kind == "Seq Scan", whole, _rows(node) if "Actual Rows" in node else 0)
    early = node["Node Type"] == "Limit" or (ends_early and node["Node Type"] not in _TAKES_ALL)
    for inner in node.get("Plans", ()):
        yield from _scans(inner, tables, ends_early=early)


# Nodes that read all there is before they give a first row.
_TAKES_ALL = {"Sort", "Aggregate", "Hash"}


def _noting(send: Callable[..., Any], found: list[Sent]) -> Any:
    @wraps(send)
    def execute(cursor: psycopg.Cursor[Any], statement: Any, values: Any = None, **options: Any) -> Any:
        if isinstance(statement, str) and statement.lstrip().startswith(("SELECT", "WITH")):
            found.append(Sent(type(cursor), statement, values))
        return send(cursor, statement, values, **options)

    return execute


def _rows(node: dict[str, Any]) -> int:
    left_out = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    read = float(node["Actual Rows"] + left_out) * int(node["Actual Loops"])
    return round(read)
