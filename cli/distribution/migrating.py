"""Migrations on a distributed database: what the cluster would refuse is left to `flask db distribute`.

A new table begins as an ordinary one. With a foreign key to a reference table it would at once be pulled into the
cluster's metadata, and could then not be spread any more.
"""

from typing import Any

from alembic.ddl.postgresql import PostgresqlImpl
from sqlalchemy import Connection, Constraint, ForeignKeyConstraint, Table, text

from cli.distribution import catalog, placements


def prepare(connection: Connection) -> None:
    """Makes Alembic's way of changing the schema fit when the database of this connection is distributed."""
    if not catalog.is_distributed(connection):
        return
    # One transaction changes reference tables and members' tables.
    connection.execute(text("SET citus.multi_shard_modify_mode = 'sequential'"))
    left_out = {name for placement in placements.of_all_tables().values() for name in placement.left_out}

    class DistributedImpl(PostgresqlImpl):
        """Adds no foreign keys and nothing that its table must do without; drops what is there."""

        __dialect__ = "postgresql"  # by this name Alembic finds it, in place of its own

        def create_table(self, table: Table, **kw: Any) -> None:
            super().create_table(table, include_foreign_key_constraints=[], **kw)

        def add_constraint(self, const: Any, **kw: Any) -> None:
            if not isinstance(const, ForeignKeyConstraint) and const.name not in left_out:
                super().add_constraint(const, **kw)

        def drop_constraint(self, const: Constraint, **kw: Any) -> None:
            super().drop_constraint(const, **{**kw, "if_exists": True})
