"""What packages export about personal data: what of it a person can read, and where sealed values lie."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table

# The members whom one person is, or was before a merge.
Ids = Sequence[int]

# Parts of a person's own document: name → the rows about them. Amounts in fen, times in UTC.
Sections = Mapping[str, Callable[[Ids], Select[Any]]]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """Where sealed values lie, and for what they were sealed; `batch` are sealed anew at a time."""

    table: Table
    column: str
    purpose: str
    batch: int = 500
