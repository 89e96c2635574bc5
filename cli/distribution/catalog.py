"""What a database says of itself: the tables that are placed already, and what would stand in the way of placing."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from app.kernel.distribution.placement import Kind

_PLACED = text("""
    SELECT logicalrelid::regclass::text, partmethod::text, repmodel::text,
        CASE WHEN partmethod = 'h' THEN column_to_column_name(logicalrelid, partkey) END
    FROM pg_dist_partition
""")
_CONSTRAINTS = text("""
    SELECT conrelid::regclass::text, conname, confrelid::regclass::text, contype = 'f' FROM pg_constraint
    WHERE contype IN ('f', 'u') AND conparentid = 0 AND connamespace = current_schema()::regnamespace
""")
_TRIGGERS = text("""
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
""")
_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
_KNOWS_PLACING = text("SELECT to_regclass('pg_dist_partition') IS NOT NULL")

Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Catalog:
    """The tables, how those that are placed are, and names of constraints and triggers by (table, name)."""

    tables: set[str]
    placed: dict[str, tuple[Kind, str | None]]
    foreign_keys: dict[Named, str]  # → the table they refer to
    uniques: set[Named]
    triggers: set[Named]


def read(connection: Connection) -> Catalog:
    """The present state of a database that has the extension."""
    constraints = connection.execute(_CONSTRAINTS).all()
    return Catalog(
        tables=set(connection.scalars(_TABLES)),
        placed={row[0]: _kind(*row[1:]) for row in connection.execute(_PLACED) if row[1:3] != ("n", "s")},
        foreign_keys={(row[0], row[1]): row[2] for row in constraints if row[3]},
        uniques={(row[0], row[1]) for row in constraints if not row[3]},
        triggers={(row[0], row[1]) for row in connection.execute(_TRIGGERS)},
    )


def knows_placing(connection: Connection) -> bool:
    """Whether the extension is in this database."""
    return bool(connection.scalar(_KNOWS_PLACING))


def is_distributed(connection: Connection) -> bool:
    """Whether `flask db distribute` has placed tables of this database."""
    return knows_placing(connection) and any(kind is Kind.MEMBER for kind, _ in read(connection).placed.values())


def _kind(method: str, replication: str, key: str | None) -> tuple[Kind, str | None]:
    """Local tables in the extension's metadata (n, s) were left out: nobody placed them."""
    if (method, replication) == ("n", "t"):
        return Kind.REFERENCE, None
    # By members or a directory: the extension spreads both by a column, which is compared.
    return Kind.MEMBER, key
