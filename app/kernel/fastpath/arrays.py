"""Rows that a statement is given as arrays, one parameter for each column however many rows there are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, bindparam, column, func
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

Kinds = Mapping[str, TypeEngine[Any]]


def table_of_rows(name: str, kinds: Kinds) -> TableValuedAlias:
    """The rows as a table with columns of these kinds, for a statement that runs with `parameters`."""
    arrays = [bindparam(f"{each}_s", type_=ARRAY(kind)) for each, kind in kinds.items()]
    columns = [column(each, kind) for each, kind in kinds.items()]
    return func.unnest(*arrays).table_valued(*columns, name=name).render_derived()


def parameters(kinds: Iterable[str], rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """The rows, their values in the order of the columns, as the arrays of `table_of_rows`."""
    names = list(kinds)
    lists = list(zip(*rows, strict=True)) or [()] * len(names)
    return {f"{each}_s": list(values) for each, values in zip(names, lists, strict=True)}
