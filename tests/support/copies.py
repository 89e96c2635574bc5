"""A database that is its template again for every test: what was written is taken away, not everything copied anew.

PostgreSQL numbers its transactions, and every row bears the number of the one that wrote it: the copy's catalogues tell
whether more than rows and sequences has changed. Then the copy is made anew, and on a cluster always.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg

from tests.support.databases import Server

_ENDED_WITHIN_MS = 10_000
# Where PostgreSQL keeps what a test may change of a schema, and what is known about tables' contents.
_CATALOGUES = (
    "pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_event_trigger", "pg_extension", "pg_index",
    "pg_namespace", "pg_policy", "pg_proc", "pg_publication", "pg_rewrite", "pg_statistic", "pg_statistic_ext",
    "pg_trigger", "pg_type",
)  # fmt: skip
_SETTINGS = (
    "SELECT count(*) FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = %s)"
)
_END_OTHERS = (
    "SELECT coalesce(bool_and(pg_terminate_backend(pid, %s)), true) FROM pg_stat_activity"
    " WHERE datname = %s AND pid <> pg_backend_pid()"
)
_TABLES = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_SEQUENCES = """
    SELECT format('%I.%I', schemaname, sequencename), last_value, start_value FROM pg_sequences
    WHERE schemaname = 'public'
"""
_RESTART = (
    "SELECT setval(name::regclass, number, used) FROM unnest(%s::text[], %s::bigint[], %s::boolean[])"
    " AS moved (name, number, used)"
)


@dataclass(frozen=True, slots=True)
class _Made:
    """How the copy was when it was made: the transaction to come, rows of what may not change, sequences."""

    transaction: str
    tables: tuple[str, ...]
    unchanging: dict[str, int]
    sequences: dict[str, int | None]


class Copy:
    """A copy of the template under a name of its own."""

    def __init__(self, server: Server, name: str, template: str) -> None:
        self._server, self._name, self._template = server, name, template
        self._made: _Made | None = None

    def renew(self) -> str:
        """Makes the copy what the template is, without whoever was still connected; returns its address."""
        url = self._server.url(self._name)
        if self._made is None or not _emptied(url, self._made):
            self._server.create(self._name, self._template)
            self._made = _look(url) if len(self._server.addresses) == 1 else None
        return url


def _look(url: str) -> _Made:
    with psycopg.connect(url) as connection:
        tables = tuple(name for (name,) in connection.execute(_TABLES))
        unchanging = dict.fromkeys([*_CATALOGUES, *_filled(connection, tables)], 0)
        sequences = {name: last for name, last, _ in connection.execute(_SEQUENCES)}
        ((transaction,),) = connection.execute("SELECT pg_current_xact_id()::xid::text").fetchall()
        for name, rows, _ in _written(connection, unchanging, transaction):
            unchanging[name] = rows
        return _Made(transaction, tables, unchanging, sequences)


def _emptied(url: str, made: _Made) -> bool:
    """Takes away what was written since the copy was made; False when more than that has changed."""
    with psycopg.connect(url) as connection:
        database = connection.info.dbname
        if connection.execute(_END_OTHERS, (_ENDED_WITHIN_MS, database)).fetchone() != (True,):
            return False
        if connection.execute(_SETTINGS, (database,)).fetchone() != (0,):
            return False
        seen = _written(connection, made.unchanging, made.transaction)
        if any(new or rows != made.unchanging[name] for name, rows, new in seen):
            return False
        # Foreign keys and what keeps ledgers from shrinking let this connection pass.
        connection.execute("SET session_replication_role = replica")
        for table in _filled(connection, [name for name in made.tables if name not in made.unchanging]):
            connection.execute(f"DELETE FROM {table}")
        moved = [
            (name, made.sequences[name] or start, made.sequences[name] is not None)
            for name, last, start in connection.execute(_SEQUENCES)
            if last != made.sequences[name]
        ]
        connection.execute(_RESTART, [list(column) for column in zip(*moved, strict=True)] or [[], [], []])
    return True


def _filled(connection: psycopg.Connection, tables: Iterable[str]) -> list[str]:
    """Those of the tables that have rows."""
    query = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
    return [name for (name,) in connection.execute(query)]


def _written(connection: psycopg.Connection, tables: Iterable[str], since: str) -> list[tuple[str, int, int]]:
    """Each table with its rows, and how many of them were written by that transaction or later ones."""
    query = " UNION ALL ".join(
        f"SELECT '{table}', count(*), count(*) FILTER (WHERE xmin::text::bigint >= {int(since)}) FROM {table}"
        for table in tables
    )
    return connection.execute(query).fetchall()
