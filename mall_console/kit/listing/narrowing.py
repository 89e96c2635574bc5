"""What a list is narrowed by, read from the address's query: spans of days, choices, a store, words to search for.

What nobody could have chosen counts as not asked for; of a day that is none the page says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from flask import g, has_request_context
from sqlalchemy import ColumnElement, Text, false, func, literal_column, or_
from werkzeug.datastructures import MultiDict

from app.kernel import clock
from app.kernel.spelling import names
from app.web.forms import written
from app.web.pages import searches
from mall_console.kit import stores
from mall_console.kit.workspace import Workspace

Conditions = Sequence[ColumnElement[bool]]
MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Chip:
    """Something the list is narrowed by, in words, and the parameters of the address that go with it."""

    text: str
    names: tuple[str, ...]


Query = MultiDict[str, str]  # the parameters of an address


class Filter(Protocol):
    """One thing that a list can be narrowed by; `kind` says which field the template draws."""

    @property
    def kind(self) -> str: ...

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters it reads."""
        ...

    def conditions(self, workspace: Workspace, query: Query) -> Conditions: ...

    def chips(self, workspace: Workspace, query: Query) -> Iterable[Chip]: ...


@dataclass(frozen=True, slots=True)
class Days:
    """From a day up to and with another, by `<name>_from` and `<name>_to`; `<name>` alone is one day.

    `column` is one of moments or, with `is_date`, of days. Days by which something is due lie ahead (`is_due`).
    """

    name: str
    label: str
    column: Any
    is_date: bool = False
    is_due: bool = False
    kind: str = "days"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, f"{self.name}_from", f"{self.name}_to")

    def span(self, query: Query) -> tuple[date | None, date | None]:
        """The first and the last day asked for."""
        one, first, last = (written.find_day(query.get(name, "")) for name in self.names)
        return (one, one) if one else (first, last)

    def conditions(self, workspace: Workspace, query: Query) -> Conditions:
        first, last = self.span(query)
        since = [] if first is None else [self.column >= (first if self.is_date else clock.start_of_day(first))]
        if last is None:
            return since
        return [*since, self.column <= last if self.is_date else self.column < clock.end_of_day(last)]

    def chips(self, workspace: Workspace, query: Query) -> Iterator[Chip]:
        first, last = self.span(query)
        for name in self.names:
            if (typed := query.get(name, "").strip()) and written.find_day(typed) is None:
                yield Chip(f"「{written.quoted(typed)}」不是日期，没有按{self.label}筛选", (name,))
        if first and last:
            yield Chip(f"{self.label} {first}" if first == last else f"{self.label} {first} 至 {last}", self.names)
        elif first or last:
            yield Chip(f"{self.label} {first} 起" if first else f"{self.label} {last} 止", self.names)

    def shortcuts(self) -> list[tuple[str, dict[str, str]]]:
        """Spans that are asked for most: words, and parameters."""
        today = clock.business_date(clock.now())
        _, first, last = self.names
        return [
            (words, {name: day.isoformat() for name, day in ((first, begin), (last, end)) if day})
            for words, begin, end in (_spans_ahead(today) if self.is_due else _spans_behind(today))
        ]


def _spans_behind(today: date) -> list[tuple[str, date | None, date]]:
    month, yesterday = clock.first_of_month(today), today - timedelta(days=1)
    return [
        ("今天", today, today),
        ("昨天", yesterday, yesterday),
        ("近 7 天", today - timedelta(days=6), today),
        ("近 30 天", today - timedelta(days=29), today),
        ("本月", month, today),
        ("上月", clock.first_of_month(month - timedelta(days=1)), month - timedelta(days=1)),
    ]


def _spans_ahead(today: date) -> list[tuple[str, date | None, date]]:
    return [
        ("已逾期", None, today - timedelta(days=1)),
        ("今天到期", today, today),
        ("7 天内到期", today, today + timedelta(days=6)),
        ("30 天内到期", today, today + timedelta(days=29)),
    ]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: code → words, and the condition of a code."""

    name: str
    label: str
    words: Mapping[str, str] | Callable[[Workspace], Mapping[str, str]]
    condition: Callable[[str], ColumnElement[bool]]
    first: str = "全部"
    kind: str = "choice"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def options(self, workspace: Workspace) -> Mapping[str, str]:
        """Code → words; what has to be read for them is read once in a request."""
        if not callable(self.words):
            return self.words
        if not has_request_context():
            return self.words(workspace)
        read: dict[object, Mapping[str, str]] = g.setdefault("list_options", {})
        if self.words not in read:
            read[self.words] = self.words(workspace)
        return read[self.words]

    def chosen(self, workspace: Workspace, query: Query) -> str | None:
        """The code that was chosen."""
        code = query.get(self.name, "")
        return code if code in self.options(workspace) else None

    def conditions(self, workspace: Workspace, query: Query) -> Conditions:
        code = self.chosen(workspace, query)
        return [] if code is None else [self.condition(code)]

    def chips(self, workspace: Workspace, query: Query) -> Iterator[Chip]:
        code = self.chosen(workspace, query)
        if code is not None:
            yield Chip(f"{self.label}：{self.options(workspace)[code]}", self.names)


def states(
    table: Mapping[str, tuple[str, Callable[[], ColumnElement[bool]]]],
    *,
    name: str = "state",
    label: str = "状态",
    first: str = "全部状态",
) -> Choice:
    """One of several states: code → words and condition, which may ask the clock."""
    words = {code: told for code, (told, _) in table.items()}
    return Choice(name, label, words, lambda code: table[code][1](), first)


def store(column: Any) -> Choice:
    """A store of the mall, by its code; `column` holds stores' ids."""
    return Choice("store", "门店", lambda workspace: dict(stores.options(workspace)), _store_is(column), "全部门店")


def _store_is(column: Any) -> Callable[[str], ColumnElement[bool]]:
    # The code is one of this mall's: others are no option.
    return lambda code: column == stores.id_of(code)


def mall(condition: Callable[[str], ColumnElement[bool]]) -> Choice:
    """A mall by its code, for who works in several; `condition` is that of a code."""

    def words(workspace: Workspace) -> Mapping[str, str]:
        return {mall.code: mall.name for mall in workspace.malls} if len(workspace.malls) > 1 else {}

    return Choice("mall", "商场", words, condition, "全部商场")


@dataclass(frozen=True, slots=True)
class Search:
    """Words to search for: `find` makes the conditions of them, `placeholder` says what is found.

    They stand in the address sealed, for they may be a code or say who somebody is; as they are only where `is_open`.
    """

    placeholder: str
    find: Callable[[Workspace, str], Conditions]
    is_open: bool = False
    name: str = "q"
    kind: str = "search"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def sealed(self, typed: str) -> str:
        """What the address says of what was typed."""
        words = _tidy(typed)
        return words if self.is_open else searches.seal(words, now=clock.now())

    def words(self, query: Query) -> str | None:
        """What was typed; None when the address is too old to say."""
        said = query.get(self.name, "")
        return _tidy(said) if self.is_open else searches.unseal(said, now=clock.now())

    def conditions(self, workspace: Workspace, query: Query) -> Conditions:
        words = self.words(query)
        if words is None or len(words) > MOST_WORDS:
            return [false()]
        return self.find(workspace, words) if words else []

    def chips(self, workspace: Workspace, query: Query) -> Iterator[Chip]:
        words = self.words(query)
        if words is None:
            yield Chip("搜索已过期，请重新输入", self.names)
        elif words:
            yield Chip(f"搜索：{words}", self.names)


def _tidy(typed: str) -> str:
    return " ".join(typed.replace("\0", "").split())


def contains(*columns: Any) -> Callable[[Workspace, str], Conditions]:
    """Finds the words anywhere in one of the columns, in any case and width; for tables that stay small."""

    def find(workspace: Workspace, words: str) -> Conditions:
        spelled = names.spell_words(words)
        return [or_(*(_folded(column).icontains(spelled, autoescape=True) for column in columns))]

    return find


def _folded(column: Any) -> ColumnElement[str]:
    """The column as `spell_words` folds what is looked for: a name may hold full-width brackets."""
    return func.normalize(column, literal_column("NFKC"), type_=Text())


def begins(column: Any) -> Callable[[Workspace, str], Conditions]:
    """Finds what begins with the words, by an index of patterns."""
    return lambda workspace, words: [column.startswith(words, autoescape=True)]
