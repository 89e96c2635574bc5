"""Which tables hold rows of a member."""

from sqlalchemy import Table

from app.kernel.db import Model


def keyed_by_member() -> set[str]:
    """The names of the tables, beside members itself, with a column that names a member or refers to one."""
    return {
        table.name for table in Model.metadata.tables.values() if table.name != "members" and _names_a_member(table)
    }


def _names_a_member(table: Table) -> bool:
    refers = any(key.column.table.name == "members" for key in table.foreign_keys)
    return refers or any(name.endswith("member_id") for name in table.c.keys())
