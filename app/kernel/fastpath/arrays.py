"""Rows that a statement is given as arrays, one parameter for each column however many rows there are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BindParameter, bindparam, column, func
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

Kinds = Mapping[str, TypeEngine[Any]]


def table_of_rows(name: str, kinds: Kinds) -> TableValuedAlias:
    """The rows as a table with columns of these kinds, for a statement that runs with `parameters`."""
    return _table(name, kinds, [bindparam(f"{each}_s", type_=ARRAY(kind)) for each, kind in kinds.items()])


def parameters(kinds: Iterable[str], rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """The rows, their values in the order of the columns, as the arrays of `table_of_rows`."""
    names = list(kinds)
    return {f"{each}_s": values for each, values in zip(names, _by_column(names, rows), strict=True)}


def given_rows(name: str, kinds: Kinds, rows: Iterable[Sequence[Any]]) -> TableValuedAlias:
    """The same table with the rows in it, for a statement that runs without parameters of its own."""
    values = zip(kinds.values(), _by_column(kinds, rows), strict=True)
    return _table(name, kinds, [bindparam(None, given, type_=ARRAY(kind)) for kind, given in values])


def _table(name: str, kinds: Kinds, arrays: Iterable[BindParameter[Any]]) -> TableValuedAlias:
    columns = [column(each, kind) for each, kind in kinds.items()]
    return func.unnest(*arrays).table_valued(*columns, name=name).render_derived()


def _by_column(kinds: Iterable[str], rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(values) for values in zip(*rows, strict=True)] or [[] for _ in kinds]
