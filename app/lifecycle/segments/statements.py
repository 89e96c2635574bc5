"""One statement of a definition: the group's members, beside each what the conditions ask for, and the tree over it.

Conditions that read the same rows share one part of the statement, which reads them once and groups them by person:
each aggregate then has the conditions of its own as a filter, and only rows that some aggregate wants are read. Rows of
somebody who was found to be another member count for whom they are. Nothing is correlated, so a distributed database
runs the parts where the rows are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Table,
    and_,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.functions import FunctionElement

from app.identity.asking.fields import Kind, Operator, Rows
from app.identity.models import Member, MemberStatus
from app.identity.people import as_rows
from app.identity.profiles import queries as profiles
from app.kernel import clock
from app.kernel.db import table_of
from app.lifecycle.segments import comparing
from app.lifecycle.segments.definitions import AllOf, AnyOf, Condition, Node, Not, is_plain

_MEMBERS = table_of(Member)


def members_of(root: Node, *, mall_id: int | None, now: datetime, merged: Mapping[int, int]) -> Select[tuple[int]]:
    """The ids of joined members, in a mall's segment those whose home it is, of whom the definition holds.

    `merged` says who everybody is that was found to be another member. Whoever switched profiling off is found by plain
    conditions alone.
    """
    parts = _Parts(now, merged)
    wanted = _holds(root, parts, is_negated=False)
    home = () if mall_id is None else (_MEMBERS.c.home_mall_id == mall_id,)
    profiled = () if is_plain(root) else (profiles.is_profiled(_MEMBERS.c.id),)
    return (
        select(_MEMBERS.c.id)
        .select_from(parts.joined())
        .where(_MEMBERS.c.status == MemberStatus.MEMBER.value, *home, *profiled, wanted)
    )


def _holds(node: Node, parts: "_Parts", *, is_negated: bool) -> ColumnElement[bool]:
    match node:
        case AllOf(nodes):
            return and_(*(_holds(one, parts, is_negated=is_negated) for one in nodes))
        case AnyOf(nodes):
            return or_(*(_holds(one, parts, is_negated=is_negated) for one in nodes))
        case Not(one):
            return not_(_holds(one, parts, is_negated=True))
        case Condition():
            found = _condition(node, parts)
            # What is unknown holds for nobody, and its contrary for everybody.
            return func.coalesce(found, false()) if is_negated else found


def _condition(condition: Condition, parts: "_Parts") -> ColumnElement[bool]:
    today = clock.business_date(parts.now)
    if condition.field.kind is not Kind.SET:
        return comparing.holds(condition, condition.field.value(_Asking(parts, condition)), today=today)
    if condition.operator is Operator.ALL_OF:
        return and_(*(condition.field.value(_Asking(parts, condition, [code])) for code in condition.value))
    found = condition.field.value(_Asking(parts, condition, condition.value))
    return found.is_not(true()) if condition.operator is Operator.NONE_OF else found


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a field is handed: the statement's parts, as one condition asks for them."""

    parts: "_Parts"
    condition: Condition
    codes: Sequence[str] = ()

    @property
    def now(self) -> datetime:
        return self.parts.now

    def row(self, table: Table | Subquery, key: str = "member_id") -> ReadOnlyColumnCollection[str, ColumnElement[Any]]:
        return self.parts.row(table, key)

    def over(self, rows: Rows, aggregate: FunctionElement[Any], *where: ColumnElement[bool]) -> ColumnElement[Any]:
        since = self._since()
        if since is not None and rows.at is not None:
            where = (rows.at >= since, *where)
        return self.parts.over(rows, aggregate, where)

    def _since(self) -> datetime | None:
        if self.condition.days is None:
            return None
        return clock.start_of_day(clock.business_date(self.now) - timedelta(days=self.condition.days - 1))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An aggregate, and of which rows."""

    aggregate: FunctionElement[Any]
    where: ColumnElement[bool]


@dataclass
class _Parts:
    """What stands beside the members: rows of theirs, and aggregates over rows, each read once."""

    now: datetime
    merged: Mapping[int, int]
    _own: dict[Table | Subquery, tuple[FromClause, str]] = field(default_factory=dict)
    _rows: dict[str, Rows] = field(default_factory=dict)
    _wanted: dict[str, list[_Wanted]] = field(default_factory=dict)

    def row(self, table: Table | Subquery, key: str) -> ReadOnlyColumnCollection[str, ColumnElement[Any]]:
        if table is _MEMBERS:
            return _MEMBERS.c
        found, _ = self._own.setdefault(table, (table.alias(f"own_{table.name}"), key))
        return found.c

    def over(
        self, rows: Rows, aggregate: FunctionElement[Any], where: Sequence[ColumnElement[bool]]
    ) -> ColumnElement[Any]:
        if self._rows.setdefault(rows.name, rows) is not rows and self._rows[rows.name].table is not rows.table:
            raise ValueError(f"two kinds of rows are called {rows.name}")
        wanted = self._wanted.setdefault(rows.name, [])
        asked = _Wanted(aggregate, and_(true(), *where))
        place = next((at for at, one in enumerate(wanted) if _is_same(one, asked)), len(wanted))
        if place == len(wanted):
            wanted.append(asked)
        # By name, because the part is made when everything that it has to find is known.
        return literal_column(f"{rows.name}.{_name(place)}", aggregate.type)

    def joined(self) -> FromClause:
        """The members with all that is beside them."""
        found: FromClause = _MEMBERS
        for table, key in self._own.values():
            found = found.outerjoin(table, table.c[key] == _MEMBERS.c.id)
        for name, rows in self._rows.items():
            part = _part(rows, self._wanted[name], self.merged)
            found = found.outerjoin(part, part.c.person_id == _MEMBERS.c.id)
        return found


def _is_same(one: _Wanted, other: _Wanted) -> bool:
    return _is_equal(one.aggregate, other.aggregate) and _is_equal(one.where, other.where)


def _is_equal(one: ColumnElement[Any], other: ColumnElement[Any]) -> bool:
    return one.compare(other, compare_keys=False)


def _name(place: int) -> str:
    return f"found_{place}"


def _part(rows: Rows, wanted: Sequence[_Wanted], merged: Mapping[int, int]) -> Subquery:
    """The rows that any of the aggregates wants, by person."""
    read = _with_tables_beside(rows, wanted)
    person: ColumnElement[int] = rows.member_id
    if merged:
        numbers = as_rows(merged.items())
        read = read.outerjoin(numbers, numbers.c.member_id == rows.member_id)
        person = func.coalesce(numbers.c.person_id, rows.member_id)
    person = person.label("person_id")
    first, *others = wanted
    is_one = all(_is_equal(first.where, other.where) for other in others)
    found = [
        (one.aggregate if is_one else _only(one.aggregate, one.where)).label(_name(place))
        for place, one in enumerate(wanted)
    ]
    return (
        select(person, *found)
        .select_from(read)
        .where(or_(*(one.where for one in ([first] if is_one else wanted))))
        .group_by(person)
        .subquery(rows.name)
    )


def _only(aggregate: FunctionElement[Any], where: ColumnElement[bool]) -> ColumnElement[Any]:
    return aggregate if where.compare(true()) else aggregate.filter(where)


def _with_tables_beside(rows: Rows, wanted: Sequence[_Wanted]) -> FromClause:
    """The rows with those of the tables beside them that are read."""
    asked = [clause for one in wanted for clause in (one.aggregate, one.where)]
    read = {getattr(part, "table", None) for clause in asked for part in visitors.iterate(clause)}
    found = rows.table
    for table, is_beside in rows.beside:
        if table in read:
            found = found.outerjoin(table, is_beside)
    return found
