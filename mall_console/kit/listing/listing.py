"""A declared list, and what somebody asks of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression

from app.kernel.db import Model
from app.kernel.lists import totals
from app.kernel.lists.keyset import Asked, Order, Page
from app.kernel.lists.totals import Totals
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.errors import SearchExpired
from mall_console.kit.listing.narrowing import Filter, Query, Search
from mall_console.kit.workspace import Workspace

R = TypeVar("R")
T = TypeVar("T")

SIZES = (30, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[R]):
    """`look` are classes of the kit's style sheet; `sort` names a sort of the list, whose other way is `-` before it.

    An `is_extra` column is shown when it is chosen, `is_fixed` always; with `permission` only its holders see it. One
    that `is_act` has buttons and is in no file. `show_head` is false where the cell says it all.
    """

    key: str
    head: str
    cell: Callable[[Workspace, R], Cell]
    look: str = ""
    sort: str = ""
    is_extra: bool = False
    is_fixed: bool = False
    show_head: bool = True
    permission: str = ""
    is_act: bool = False
    among_malls: bool = False

    def is_open_to(self, workspace: Workspace) -> bool:
        """Whether the person may choose the column."""
        has_reason = len(workspace.malls) > 1 or not self.among_malls
        return has_reason and (not self.permission or workspace.can(self.permission))


@dataclass(frozen=True, slots=True)
class Sort:
    """A way to sort. One that no index has (`is_short`) is for lists that are counted whole."""

    key: str
    label: str
    order: Order
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done to all ticked rows: `address` below the mall's takes them as `row`.

    Without a `question` the address itself answers with a page that asks.
    """

    label: str
    address: str
    permission: str
    question: str = ""
    meaning: str = ""
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class About:
    """The one thing whose rows a list has: `key` as addresses have it, `name` for files and the audit log.

    `offered` are the codes that a choice has for this thing, by the choice's name, where it has not all of its own.
    """

    key: str
    thing: Any
    name: str
    within: Sequence[ColumnElement[bool]]
    offered: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: conditions, the order, and which of them; `about` is the thing that the list is about, if any.

    `typed` is what the conditions and the order were made of.
    """

    where: Sequence[ColumnElement[bool]]
    order: Order
    asked: Asked
    about: About | None = None
    typed: Query = field(default_factory=Query)

    def thing(self, kind: type[T]) -> T:
        """The one thing that the list is about."""
        if self.about is None or not isinstance(self.about.thing, kind):
            raise TypeError(f"the list is about no {kind.__name__}")
        return self.about.thing


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[R]):
    """A subject's list. `table` holds the rows that are counted, `scope` those of them that the workspace may see.

    `read` reads a page of what is wanted; `sums` says in words what `amounts` of all rows add up to. `key` is a row's,
    for its address `link` and for acts, of which one is done to at most `most_ticked` rows. One that `has_keys` is
    worked by keys: J and K, Enter, and those of its acts. A list about one thing finds it by the key that an address
    has (`about`, which raises NotFound). `nothing_for` says what is not there of a list that a link leads to, by the
    link's parameters: nobody has narrowed it themselves.
    """

    name: str
    title: str
    permission: str
    table: type[Model]
    scope: Callable[[Workspace], Sequence[ColumnElement[bool]]]
    read: Callable[[Workspace, Wanted], Page[R]]
    columns: Sequence[Column[R]]
    sorts: Sequence[Sort]
    filters: Sequence[Filter] = ()
    link: Callable[[Workspace, R], str] | None = None
    key: Callable[[R], str] | None = None
    acts: Sequence[Act] = ()
    most_ticked: int | None = None
    noun: str = "条"
    amounts: Sequence[SQLColumnExpression[Any]] = ()
    sums: Callable[[tuple[int, ...]], Sequence[tuple[str, str]]] | None = None
    icon: str = "receipt"
    nothing: str = "没有符合条件的记录"
    nothing_for: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    kept: Sequence[str] = ()
    has_keys: bool = False
    words: Mapping[str, Any] = field(default_factory=dict)
    about: Callable[[Workspace, str], About] | None = None

    def find(self, workspace: Workspace, key: str | None) -> About | None:
        """The thing with the key that the list is about; None for a list about nothing in particular."""
        return self.about(workspace, key or "") if self.about else None

    def where(self, workspace: Workspace, query: Query, about: About | None = None) -> list[ColumnElement[bool]]:
        """The conditions of what the address asks for."""
        asked = [condition for one in self.filters for condition in one.conditions(workspace, query)]
        return [*(about.within if about else ()), *self.scope(workspace), *asked]

    def count(self, where: Sequence[ColumnElement[bool]]) -> Totals:
        """How many rows the conditions keep, and their sums."""
        return totals.count(self.table, where, self.sorts[0].order, amounts=self.amounts)

    @property
    def searches(self) -> list[Search]:
        """The fields to search by, whose words are sealed."""
        return [one for one in self.filters if isinstance(one, Search) and not one.is_open]

    def ensure_readable(self, query: Query) -> None:
        """Raises SearchExpired when the address no longer says what was searched for: no file is made of that."""
        if any(one.words(query) is None for one in self.searches):
            raise SearchExpired

    def sort(self, query: Query, counted: Totals | None) -> Sort:
        """The sort that was asked for, if the list can have it; else its first."""
        asked = query.get("sort", "")
        found = next((one for one in self.sorts if one.key == asked), self.sorts[0])
        return self.sorts[0] if found.is_short and not (counted and counted.is_all) else found

    def is_short_sort(self, query: Query) -> bool:
        """Whether the address asks for a sort that only short lists have."""
        return any(one.is_short and one.key == query.get("sort", "") for one in self.sorts)

    def open_to(self, workspace: Workspace) -> list[Column[R]]:
        """The columns that the person may choose."""
        return [one for one in self.columns if one.is_open_to(workspace)]

    def shown(self, workspace: Workspace, chosen: Sequence[str]) -> list[Column[R]]:
        """The columns that were chosen, in the list's order; those that are shown by themselves when none was."""
        open_to = self.open_to(workspace)
        own = [one for one in open_to if one.is_fixed or one.key in chosen]
        usual = [one for one in open_to if not one.is_extra]
        return own if any(one.key in chosen for one in open_to) else usual


def both_ways(key: str, falling: str, rising: str, *columns: Any, is_short: bool = False) -> tuple[Sort, Sort]:
    """A sort from the greatest down and its contrary, each with its words; the columns name a row."""
    down = Order(*(column.desc() for column in columns))
    return Sort(f"-{key}", falling, down, is_short), Sort(key, rising, Order(*columns), is_short)
