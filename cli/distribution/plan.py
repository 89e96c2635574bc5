"""The statements that lay the tables over the machines, in the order that a cluster takes.

A table that becomes a reference table pulls every table with a foreign key to it into the cluster's metadata, and one
with an identity column can then not be spread any more. So foreign keys go first, tables are placed, and the foreign
keys that can stand come back.
"""

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint, MetaData, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import AddConstraint, CreateIndex, Index

from app.kernel.distribution import rules
from app.kernel.distribution.placement import Kind
from cli.distribution.catalog import Catalog

_DIALECT = PGDialect()  # type: ignore[no-untyped-call]
MEMBERS = "members"


class PlanError(Exception):
    """The tables cannot be placed as the models say; the message says why."""


def statements(metadata: MetaData, placements: rules.Placements, catalog: Catalog) -> list[str]:
    """What is still to be done, in order; nothing when all is as the models say.

    Raises PlanError when a table is missing or was placed otherwise: a spread table keeps its key for good.
    """
    _ensure_possible(metadata, placements, catalog)
    pending = [table for table in _in_order(metadata) if _is_pending(table, placements, catalog)]
    dropped = _dropped(placements, catalog, {table.name for table in pending})
    return [
        *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name in sorted(dropped)),
        *_made_fit(metadata, placements, catalog),
        *(_placing(table.name, placements) for table in pending),
        *_added(metadata, placements, set(catalog.foreign_keys) - dropped),
    ]


def _ensure_possible(metadata: MetaData, placements: rules.Placements, catalog: Catalog) -> None:
    missing = sorted(set(metadata.tables) - catalog.tables)
    if missing:
        raise PlanError(f"the database lacks {', '.join(missing)}: run `flask db upgrade` first")
    for name, (kind, key) in sorted(catalog.placed.items()):
        wanted = placements.get(name)
        if wanted is not None and (wanted.kind is Kind.REFERENCE, wanted.key) != (kind is Kind.REFERENCE, key):
            raise PlanError(f"{name} is placed as {kind} by {key}, not as {wanted.kind} by {wanted.key}")


def _in_order(metadata: MetaData) -> list[Table]:
    """Members before whatever stands beside them."""
    return sorted(metadata.sorted_tables, key=lambda table: table.name != MEMBERS)


def _is_pending(table: Table, placements: rules.Placements, catalog: Catalog) -> bool:
    return placements[table.name].kind is not Kind.COORDINATOR and table.name not in catalog.placed


def _dropped(placements: rules.Placements, catalog: Catalog, pending: set[str]) -> set[tuple[str, str]]:
    """Foreign keys that go: all at first, later those of new tables only, for others hold tables in the metadata."""
    left_out = {key for key in catalog.foreign_keys if key[0] in placements and key[1] in placements[key[0]].left_out}
    if not catalog.placed:
        return set(catalog.foreign_keys)
    return left_out | {key for key, theirs in catalog.foreign_keys.items() if {key[0], theirs} & pending}


def _made_fit(metadata: MetaData, placements: rules.Placements, catalog: Catalog) -> Iterator[str]:
    """Takes away what a table must do without; what was found by a unique constraint is found by an index."""
    for table in metadata.sorted_tables:
        for name in sorted(placements[table.name].left_out):
            if (table.name, name) in catalog.triggers:
                yield f"DROP TRIGGER {name} ON {table.name}"
            elif (table.name, name) in catalog.uniques:
                yield f"ALTER TABLE {table.name} DROP CONSTRAINT {name}"
                yield _index_instead(table, name)


def _index_instead(table: Table, name: str) -> str:
    columns = next(
        list(key.columns) for key in table.constraints if isinstance(key, UniqueConstraint) and key.name == name
    )
    copy = table.to_metadata(MetaData(naming_convention=table.metadata.naming_convention))
    index = Index(None, *(copy.columns[column.name] for column in columns))
    return _text(CreateIndex(index))


def _placing(name: str, placements: rules.Placements) -> str:
    placement = placements[name]
    if placement.kind is Kind.REFERENCE:
        return f"SELECT create_reference_table('{name}')"
    together = MEMBERS if placement.kind is Kind.MEMBER and name != MEMBERS else "none"
    return f"SELECT create_distributed_table('{name}', '{placement.key}', colocate_with => '{together}')"


def _added(metadata: MetaData, placements: rules.Placements, present: set[tuple[str, str]]) -> Iterator[str]:
    """Every foreign key that can stand and is not there, also one that an interrupted run had dropped."""
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=_name):
            if rules.foreign_key_stands(key, placements) and (table.name, _name(key)) not in present:
                yield _text(AddConstraint(key))


def _name(key: ForeignKeyConstraint) -> str:
    return str(key.name)


def _text(element: AddConstraint | CreateIndex) -> str:
    return str(element.compile(dialect=_DIALECT))
