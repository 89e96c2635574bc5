"""What follows from leaving and coming back: benefits of joining are given once, and what was owed is owed again."""

from collections.abc import Sequence
from datetime import datetime

from app.benefits.coupons import queries as benefit_queries
from app.benefits.grants import grants
from app.care import care
from app.former import memory
from app.former.memory import Mark
from app.identity import facts, queries
from app.identity.models import IdentityKind
from app.kernel.reasons import Reason
from app.parking.payment import gifts
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.tasks import facts as task_facts
from app.tasks import newbie

# What a person is known again by. A plate changes owners, so it is none of them.
_MARKS = (IdentityKind.PHONE, IdentityKind.UNIONID)
_OWED_BEFORE = Reason("owed_before")


def marks_of(person_ids: Sequence[int]) -> Sequence[Mark]:
    """What a person is known again by."""
    return queries.list_values(person_ids, _MARKS)


def remember(member_id: int, person_ids: Sequence[int], *, days: int, now: datetime) -> None:
    """A locked member leaves: remember what they were given and owe, by digests of what they are known by."""
    given: set[str] = {task_facts.completion(code) for one in person_ids for code in newbie.list_paid(one)}
    if benefit_queries.has_been_given(person_ids, trigger=grants.JOIN):
        given.add(grants.JOIN)
    marks = marks_of(person_ids)
    memory.remember(marks, given=given, debt_points=points_queries.get_debt(member_id), days=days, now=now)
    care.remember(person_ids, marks, days=days, now=now)
    tied = benefit_queries.list_plates_given_to(person_ids, triggers=grants.OF_JOINING)
    if tied is not None:
        bound = {plate for _, plate in queries.list_values(person_ids, [IdentityKind.PLATE])}
        gifts.remember(tied | bound, days=days, now=now)


def welcome_back(member_id: int, *, now: datetime) -> set[str]:
    """What a locked member was given before they left; what they owed then they owe again, tasks they did are done."""
    known = memory.list_known(marks_of([member_id]), now=now)
    given = memory.given_in(known)
    newbie.recall(member_id, [code for code in newbie.CODES if task_facts.completion(code) in given], now=now)
    for former_id, points in memory.take_debts(known):
        fact = facts.owed_before(former_id)
        ledger.owe(member_id, points=points, reason=_OWED_BEFORE, fact=fact, now=now)
    return given
