"""People and their numbers: rows of a member who was found to be another stay under the number they were written with.

Merges are followed to their end. Who has left is nobody any more.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, Select, bindparam, func, select
from sqlalchemy.sql.selectable import TableValuedAlias

from app.identity.models import Member, MemberStatus
from app.kernel.db import db
from app.kernel.fastpath import arrays

_MERGED = select(Member.id, Member.merged_into_id)


@dataclass(frozen=True, slots=True)
class People:
    """Some people, ascending, and every number that is theirs, as pairs of number and person."""

    ids: list[int]
    numbers: list[tuple[int, int]]


def list_merged() -> People:
    """Everybody with more than one number."""
    return _people(list_numbers())


def list_numbers() -> dict[int, int]:
    """The number of everybody who was found to be another → who that is in the end."""
    into = {row.id: row.merged_into_id for row in _rows(_MERGED.where(Member.merged_into_id.is_not(None)))}
    return {number: _end_of(number, into) for number in into}


def find_people(numbers: Collection[int]) -> People:
    """Who these numbers are now, each with all their numbers, without those who have left."""
    wanted, into = set(numbers), dict[int, int]()
    while unknown := wanted - into.keys():
        found = _rows(_MERGED.where(_is_one_of(Member.id, unknown)))
        into |= {row.id: row.merged_into_id or row.id for row in found}
        wanted = {into[number] for number in unknown if number in into}
    ids = {_end_of(number, into) for number in numbers if number in into}
    living = select(Member.id).where(_is_one_of(Member.id, ids), Member.status != MemberStatus.CLOSED.value)
    return _people(_numbers_of(set(db.session.scalars(living))))


def list_whose(people: Collection[int]) -> dict[int, int]:
    """By each number of these people, whose it is; of those who have left, too."""
    return _numbers_of(people)


def as_rows(numbers: Iterable[tuple[int, int]], *, name: str = "numbers") -> TableValuedAlias:
    """Pairs of number and person as rows of a statement: `member_id` and `person_id`."""
    return arrays.given_rows(name, dict.fromkeys(("member_id", "person_id"), BigInteger()), numbers)


def _numbers_of(people: Collection[int]) -> dict[int, int]:
    """Whose each number of these people is."""
    whose = {person: person for person in people}
    fresh: Mapping[int, int] = whose
    while fresh:
        found = _rows(_MERGED.where(_is_one_of(Member.merged_into_id, fresh)))
        fresh = {row.id: whose[row.merged_into_id] for row in found}
        whose |= fresh
    return whose


def _people(whose: Mapping[int, int]) -> People:
    numbers = set(whose.items()) | {(person, person) for person in whose.values()}
    return People(ids=sorted(set(whose.values())), numbers=sorted(numbers))


def _end_of(number: int, into: Mapping[int, int]) -> int:
    while into.get(number, number) != number:
        number = into[number]
    return number


def _rows(rows: Select[Any]) -> Collection[Row[Any]]:
    return db.session.execute(rows).all()


def _is_one_of(of: Any, ids: Collection[int]) -> Any:
    return of == func.any(bindparam(None, sorted(ids), type_=ARRAY(BigInteger())))
