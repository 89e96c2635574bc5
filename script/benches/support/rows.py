"""Rows that something wrote: which columns of which tables it filled, counted, and all of them copied out and in.

Two ways of writing the same must not differ in what they fill.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg
from psycopg import sql

from script.supervisor.errors import Stop

Filled = Counter[tuple[str, str]]

_CHUNK = 1024 * 1024

_TABLES = "SELECT relname FROM pg_stat_user_tables ORDER BY relname"
_COLUMNS = sql.SQL(
    "SELECT {name}, f.key, count(*) FROM {table} t, jsonb_each(to_jsonb(t)) f WHERE f.value <> 'null' GROUP BY f.key"
)


def filled_by(act: Callable[[], object], url: str) -> Filled:
    """How many more values each (table, column) of the database at `url` holds after the act."""
    before = _filled(url)
    act()
    return _filled(url) - before


def ensure_same(first: Filled, second: Filled, *, names: tuple[str, str]) -> None:
    """Raises Stop that names every column which one of the two filled more often than the other."""
    differing = sorted(key for key in first | second if first[key] != second[key])
    told = [f"{table}.{column}: {first[table, column]} and {second[table, column]}" for table, column in differing]
    if told:
        raise Stop(f"{names[0]} and {names[1]} do not fill the same columns equally often: {'; '.join(told)}")


def copy_out(url: str, tables: Iterable[str], folder: Path) -> None:
    """Write all rows of the tables into files of the folder."""
    folder.mkdir(exist_ok=True)
    with psycopg.connect(url) as connection:
        for table in tables:
            statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(table))
            with connection.cursor().copy(statement) as copy, (folder / table).open("wb") as file:
                for part in copy:
                    file.write(part)


def copy_in(url: str, tables: Iterable[str], folder: Path) -> None:
    """Bring in what `copy_out` wrote, in one transaction that is committed; refer to no table that comes later."""
    with psycopg.connect(url) as connection:
        for table in tables:
            statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            with connection.cursor().copy(statement) as copy, (folder / table).open("rb") as file:
                while part := file.read(_CHUNK):
                    copy.write(part)
        connection.commit()


def _filled(url: str) -> Filled:
    with psycopg.connect(url) as connection:
        tables = [name for (name,) in connection.execute(_TABLES)]
        counts = sql.SQL(" UNION ALL ").join(_count(name) for name in tables)
        return Counter({(table, column): count for table, column, count in connection.execute(counts)})


def _count(table: str) -> sql.Composed:
    return _COLUMNS.format(name=sql.Literal(table), table=sql.Identifier(table))
