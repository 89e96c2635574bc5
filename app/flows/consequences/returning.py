"""What follows from leaving and coming back: benefits of joining are given once, and what was owed is owed again."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from app.benefits.coupons import grant_history, voiding
from app.benefits.grants import grants
from app.benefits.tier_benefits import allowances
from app.care import care
from app.former import memory
from app.former.memory import Mark
from app.identity import facts, queries
from app.identity.models import IdentityKind, Member
from app.invitations import queries as invitations
from app.kernel import clock
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.kernel.security import codes
from app.parking.payment import gifts
from app.points.earning import facts as earning_facts
from app.points.earning.extras import FirstOrderExtra
from app.points.ledger import entry_queries, ledger
from app.points.ledger import queries as points_queries
from app.purchases import queries as purchase_queries
from app.tasks import facts as task_facts
from app.tasks import newbie

# What a person is known again by. A plate changes owners, so it is none of them.
_MARKS = (IdentityKind.PHONE, IdentityKind.UNIONID)
_OWED_BEFORE = Reason("owed_before")
# Stores take back what was bought within these days; what is older is not remembered of who leaves.
REFUNDABLE = timedelta(days=90)
# What the first order adds to its points, as the memory names it.
FIRST_ORDER = FirstOrderExtra.kind
# That they had been somebody's friend: who comes back is nobody's again.
INVITED = "invited"
# How the memory names what a tier gave them for a period, by its key.
_ALLOWANCE = "tier:"


def marks_of(person_ids: Sequence[int]) -> Sequence[Mark]:
    """What a person is known again by."""
    return queries.list_values(person_ids, _MARKS)


def remember(member_id: int, person_ids: Sequence[int], *, spare_points: int, days: int, now: datetime) -> None:
    """A locked member leaves: remember what they were given and owe, by digests of what they are known by.

    `spare_points` is what they have just given up: it pays for refunds of what they bought lately.
    """
    memory.forget_return(person_ids)
    given: set[str] = {task_facts.completion(code) for one in person_ids for code in newbie.list_paid(one)}
    if grant_history.has_been_given(person_ids, trigger=grants.JOIN):
        given.add(grants.JOIN)
    if points_queries.has_had_part(person_ids, {"extra": {"kind": FIRST_ORDER}}):
        given.add(FIRST_ORDER)
    if invitations.is_invited(person_ids):
        given.add(INVITED)
    given.update(str(fact) for fact in entry_queries.sum_by_fact(person_ids, earning_facts.ONCE))
    given.update(_ALLOWANCE + key for key in allowances.list_current(person_ids, on=clock.business_date(now)))
    marks = marks_of(person_ids)
    memory.remember(
        marks,
        given=given,
        debt_points=points_queries.get_debt(member_id),
        spare_points=spare_points,
        receipts=[_mark_of(fact) for fact in purchase_queries.list_bought(person_ids, since=now - REFUNDABLE)],
        days=days,
        now=now,
    )
    care.remember(person_ids, marks, days=days, now=now)


def remember_gifts(person_ids: Sequence[int], *, days: int, now: datetime) -> None:
    """A locked member leaves: remember of which cars a parking gift of joining was, as long as their coupons tell."""
    tied = grant_history.list_plates_given_to(person_ids, triggers=grants.OF_JOINING)
    if tied is not None:
        bound = {plate for _, plate in queries.list_values(person_ids, [IdentityKind.PLATE])}
        gifts.remember(tied | bound, days=days, now=now)


def is_known(member_id: int, *, now: datetime) -> bool:
    """Whether somebody is known again who has left."""
    return bool(memory.list_known(marks_of([member_id]), now=now))


def welcome_back(member_id: int, *, now: datetime) -> set[str]:
    """What a locked member was given before they left; what they owed then they owe again, tasks they did are done."""
    known = memory.list_known(marks_of([member_id]), now=now)
    given = memory.given_in(known)
    newbie.recall(member_id, [code for code in newbie.CODES if task_facts.completion(code) in given], now=now)
    had = {name.removeprefix(_ALLOWANCE) for name in given if name.startswith(_ALLOWANCE)}
    allowances.recall(member_id, had, mall_id=queries.get_member(member_id).home_mall_id, now=now)
    memory.note_return(known, member_id)
    _owe_again(member_id, [past.former_id for past in known if past.debt_points], now=now)
    return given


def recall(member: Member, *, now: datetime) -> None:
    """A locked member who has joined may be known by more than then: what they had and owed before holds now, too.

    Coupons that they would not have been given, had this been known, are void unless they are used.
    """
    if not queries.is_joined(member) or not memory.list_known(marks_of([member.id]), now=now):
        return
    given = welcome_back(member.id, now=now)
    had = {grants.JOIN: grants.JOIN, grants.FIRST_ORDER_TASK: task_facts.completion(newbie.FIRST_ORDER_COUPON)}
    triggers = {trigger for trigger, fact in had.items() if fact in given}
    if triggers:
        voiding.take_back_unused(member.id, triggers=triggers)


def list_with_first_order(member_ids: Collection[int], *, now: datetime) -> Collection[int]:
    """Those of the members who had the extra of a first order before they left and came back."""
    bearers = queries.list_bearers(member_ids, _MARKS)
    given = memory.list_given(FIRST_ORDER, {mark for _, mark in bearers}, now=now)
    return {member_id for member_id, mark in bearers if mark in given}


def list_earned_before(person_ids: Sequence[int], acts: Collection[Fact], *, now: datetime) -> set[str]:
    """Those of the acts that had earned the person points before they left and came back."""
    return memory.given_in(memory.list_known(marks_of(person_ids), now=now)).intersection(acts) if acts else set()


def charge_leaver(receipt: Fact, points: int, *, now: datetime) -> None:
    """The receipt of somebody who has left is refunded: they owe the points that are not among those they gave up."""
    memory.charge(_mark_of(receipt), points, now=now)


def collect(member_id: int, former_id: str, *, now: datetime) -> int:
    """Whoever came back owes what was refunded since; returns how many points. Nobody does who has left again."""
    member = queries.lock_member(member_id)
    return _owe_again(member.id, [former_id], now=now) if queries.is_joined(member) else 0


def _owe_again(member_id: int, former_ids: Sequence[str], *, now: datetime) -> int:
    """The entry's fact is random: nothing of it leads from who they are now to who they were."""
    points = memory.take_debts(former_ids) if former_ids else 0
    if points:
        fact = facts.owed_before(codes.new_public_id())
        ledger.owe(member_id, points=points, reason=_OWED_BEFORE, fact=fact, now=now)
    return points


def _mark_of(receipt: Fact) -> Mark:
    return ("receipt", str(receipt))
