"""What a distributed database can hold to: foreign keys within a machine, uniqueness within the key."""

from collections.abc import Iterator, Mapping

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from app.kernel.distribution.placement import Kind, Placement

Placements = Mapping[str, Placement]


def foreign_key_stands(constraint: ForeignKeyConstraint, placements: Placements) -> bool:
    """Whether both ends of the foreign key are always on one machine."""
    mine, theirs = placements[constraint.table.name], placements[constraint.referred_table.name]
    if theirs.kind is Kind.REFERENCE:
        return True
    if mine.kind is Kind.COORDINATOR:
        return theirs.kind is Kind.COORDINATOR
    both_of_members = mine.kind is Kind.MEMBER and theirs.kind is Kind.MEMBER
    return both_of_members and (mine.key, theirs.key) in _column_pairs(constraint)


def unique_stands(columns: list[str], placement: Placement) -> bool:
    """Whether rows that are equal in these columns would meet on one machine."""
    return placement.key is None or placement.key in columns


def unique_keys(table: Table) -> Iterator[tuple[str, list[str]]]:
    """Name and columns of everything that is unique in a table: primary key, constraints, indexes."""
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
            yield str(constraint.name), [column.name for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield str(index.name), _index_columns(index)


def cannot_stand(table: Table, placements: Placements) -> set[str]:
    """Names of the table's foreign keys and unique constraints that a distributed database cannot hold to."""
    keys = {str(key.name) for key in table.foreign_key_constraints if not foreign_key_stands(key, placements)}
    placement = placements[table.name]
    return keys | {name for name, columns in unique_keys(table) if not unique_stands(columns, placement)}


def _column_pairs(constraint: ForeignKeyConstraint) -> set[tuple[str | None, str | None]]:
    return {(element.parent.name, element.column.name) for element in constraint.elements}


def _index_columns(index: Index) -> list[str]:
    return [column.name for column in index.columns]
