"""Which columns of which tables something filled, counted: two ways of writing the same must not differ in it."""

from collections import Counter
from collections.abc import Callable

import psycopg
from psycopg import sql

from script.supervisor.errors import Stop

Filled = Counter[tuple[str, str]]

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


def _filled(url: str) -> Filled:
    with psycopg.connect(url) as connection:
        tables = [name for (name,) in connection.execute(_TABLES)]
        counts = sql.SQL(" UNION ALL ").join(_count(name) for name in tables)
        return Counter({(table, column): count for table, column, count in connection.execute(counts)})


def _count(table: str) -> sql.Composed:
    return _COLUMNS.format(name=sql.Literal(table), table=sql.Identifier(table))
