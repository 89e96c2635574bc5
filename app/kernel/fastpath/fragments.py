"""Parts of one large statement: a package says how its row is written, an act puts the parts together.

A part writes one row of named values for each row of its source, so that nothing is written when the source is empty.
The names of its values bear a prefix, because all parts of a statement share them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import FromClause, Table, bindparam, select
from sqlalchemy.dialects.postgresql import Insert, insert


def insert_for_each(source: FromClause, table: Table, fields: Sequence[str], *, prefix: str) -> Insert:
    """The insert of a row of values for each row of the source."""
    values = (bindparam(f"{prefix}{name}", type_=table.c[name].type) for name in fields)
    return insert(table).from_select(list(fields), select(*values).select_from(source))


def named(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of one part, by their names within the statement."""
    return {f"{prefix}{name}": value for name, value in values.items()}
