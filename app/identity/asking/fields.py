"""What members can be asked for: how a package says which facts of its own a segment may be made of.

A package exports `FIELDS` from its `member_fields.py`; `app/lifecycle/segments` finds them there and makes one
statement of a definition. A field says what it is by its kind, which has its operators, and makes an expression for its
value: of a row that a member has once (`Asking.row`), or of an aggregate over many rows of theirs (`Asking.over`).

A field is plain when it belongs to membership itself: what somebody has and was told of when they joined, without which
they could not be served. All else concludes something from what they do or like, and leaves out whoever switched
profiling off.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, Subquery, Table
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.functions import FunctionElement


class Kind(StrEnum):
    """What a field's value is."""

    CHOICE = "choice"  # one code, or none
    SET = "set"  # any number of codes
    NUMBER = "number"  # a whole number in the field's unit
    DAY = "day"  # a day of the past, or never
    SEASON = "season"  # a month and a day that come back every year, or none
    FLAG = "flag"  # yes or no


class Unit(StrEnum):
    """What a number counts."""

    TIMES = "times"
    FEN = "fen"
    POINTS = "points"
    BPS = "bps"
    SCORE = "score"


class Operator(StrEnum):
    """How a value is compared; the comment says with what."""

    ANY_OF = "any_of"  # codes
    ALL_OF = "all_of"  # codes
    NONE_OF = "none_of"  # codes; holds for who has none at all, too
    AT_LEAST = "at_least"  # a number
    AT_MOST = "at_most"  # a number
    BETWEEN = "between"  # two numbers, both included
    WITHIN = "within"  # so many days, today being the first
    OVER = "over"  # so many whole days ago or longer; never is not long ago
    SINCE = "since"  # a day, included
    UNTIL = "until"  # a day, included
    NEVER = "never"
    COMING = "coming"  # so many days, today being the first
    IN_MONTHS = "in_months"  # months, 1 to 12
    IS_KNOWN = "is_known"
    YES = "yes"
    NO = "no"


OPERATORS: Mapping[Kind, Sequence[Operator]] = {
    Kind.CHOICE: (Operator.ANY_OF, Operator.NONE_OF),
    Kind.SET: (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF),
    Kind.NUMBER: (Operator.AT_LEAST, Operator.AT_MOST, Operator.BETWEEN),
    Kind.DAY: (Operator.WITHIN, Operator.OVER, Operator.SINCE, Operator.UNTIL, Operator.NEVER),
    Kind.SEASON: (Operator.COMING, Operator.IN_MONTHS, Operator.IS_KNOWN),
    Kind.FLAG: (Operator.YES, Operator.NO),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows of which a member may have many: `member_id` says whose, `at` when, which windows of days go by.

    `name` is that of the part of the statement that reads them; fields that share it are read together. `beside` are
    tables with how they are joined to the rows, which is done only if a field reads them.
    """

    name: str
    table: FromClause
    member_id: ColumnElement[int]
    at: ColumnElement[datetime] | None = None
    beside: Sequence[tuple[FromClause, ColumnElement[bool]]] = ()


class Asking(Protocol):
    """What a field makes its value of. Values are NULL where a member has no rows."""

    @property
    def now(self) -> datetime: ...

    @property
    def codes(self) -> Sequence[str]:
        """Those that a set is asked for."""
        ...

    def row(self, table: Table | Subquery, key: str = "member_id") -> ReadOnlyColumnCollection[str, ColumnElement[Any]]:
        """The columns of the one row that a member has there; `key` is the column that says whose it is."""
        ...

    def over(self, rows: Rows, aggregate: FunctionElement[Any], *where: ColumnElement[bool]) -> ColumnElement[Any]:
        """An aggregate over those of a member's rows that meet the conditions and lie in the window asked for."""
        ...


# Codes that a field knows in a mall, or in the group (None): code → name, empty where the package's wording has it.
Codes = Callable[[int | None], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """Something that members can be asked for.

    `value` makes a SQL expression: text for a choice, whole numbers, moments or days; month x 100 + day for a season;
    for flags and sets whether it is so (for a set: whether they have any of the codes asked for). A number that a
    member does not have counts as 0 if it `starts_at_0`. `subject` groups fields on forms. One that `has_window` can be
    asked of the last so many days.
    """

    code: str
    kind: Kind
    subject: str
    value: Callable[[Asking], ColumnElement[Any]]
    unit: Unit | None = None
    most: int = 1_000_000_000_000
    starts_at_0: bool = True
    codes: Codes | None = None
    has_window: bool = False
    is_plain: bool = False


def fixed(*codes: str) -> Codes:
    """Codes that are the same in every mall, with their names in the package's wording."""
    names = dict.fromkeys(codes, "")
    return lambda _: names


def by_code(*found: Field) -> dict[str, Field]:
    """Fields as a package exports them."""
    return {one.code: one for one in found}
