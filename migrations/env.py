"""How migrations run: one transaction each, one deploy at a time, and never long behind a lock."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from app.kernel.db import SCHEMA_LOCK, Moment, db
from cli.distribution import migrating

LOCK_TIMEOUT = "5s"


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Migrations never import the product's own types."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def partitions(connection: Connection) -> set[str]:
    """Tables that are a part of another one: nobody's model, they come and go with time."""
    return set(connection.scalars(text("SELECT oid::regclass::text FROM pg_class WHERE relispartition")))


def run(connection: Connection) -> None:
    """Hold the advisory lock on this connection while every pending migration runs in its own transaction."""
    parts = partitions(connection)
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
        include_name=lambda name, kind, parents: kind != "table" or name not in parts,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        guard.execute(text("SET lock_timeout = 0; SET statement_timeout = 0"))
        guard.execute(text(f"SELECT pg_advisory_lock({SCHEMA_LOCK})"))
        with engine.connect() as connection:
            connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text("SET statement_timeout = 0"))
            migrating.prepare(connection)
            connection.commit()
            run(connection)
        guard.execute(text(f"SELECT pg_advisory_unlock({SCHEMA_LOCK})"))


main()
