"""Members who may be one person: an import names the phone of one with the card of another, and people decide."""

from datetime import datetime, timedelta

from app.access.models import Role
from app.benefits.coupons import queries as coupon_queries
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.identity import facts, members, queries
from app.identity.errors import MergeHeldUp
from app.identity.models import IdentityKind, Member
from app.identity.profiles import profiles
from app.kernel.reasons import Reason
from app.parking.payment import queries as parking_queries
from app.parking.sessions import passages
from app.payments import queries as order_queries
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.tasks import newbie
from app.tiers import growth
from app.verification import phones

_MERGED = Reason("merge")


def _same_person(case: Case, *, now: datetime) -> None:
    """Merge the one who joined later into the other, with all they have; raises MergeHeldUp, changing nothing."""
    pair = queries.lock_people(lambda: _members_of(case))
    if len(pair) < 2 or not all(queries.is_joined(member) for member in pair):
        return  # one of them has left, or they are one by now: nothing is doubtful any more
    older, younger = sorted(pair, key=lambda member: (member.joined_at or now, member.id))
    _ensure_free(younger, now=now)
    fact = facts.merge(younger.id)
    points = ledger.forfeit(younger.id, reason=_MERGED, fact=fact, now=now)
    if points:
        ledger.accrue(older.id, points=points, reason=_MERGED, fact=fact, now=now)
    value = growth.value_of(younger.id)
    growth.credit(younger.id, growth=-value, reason=_MERGED, fact=fact, now=now)
    growth.credit(older.id, growth=value, reason=_MERGED, fact=fact, now=now)
    newbie.carry_over(younger.id, into=older.id)
    profiles.carry_over(younger.id, into=older.id, now=now)
    passages.hand_over(younger.id, to=older.id)
    members.merge_joined(younger, into=older, now=now)


def _ensure_free(member: Member, *, now: datetime) -> None:
    """Coupons, debts and payments under way stay with their number: they must be used up or over first."""
    coupons = coupon_queries.count_usable(member.id, now=now) + coupon_queries.count_all_reserved(member.id)
    payments = parking_queries.count_awaiting(member.id) + order_queries.count_unpaid(member.id)
    if coupons or payments or points_queries.get_balance(member.id).debt_points:
        raise MergeHeldUp(coupons=coupons)


def _members_of(case: Case) -> list[int]:
    """By ascending id."""
    return [int(member_id) for member_id in case.subject.partition(":")[2].split("-")]


DUPLICATE = CaseKind(
    code="duplicate_members",
    role=Role.OPERATIONS,
    within=timedelta(days=7),
    outcomes={"same_person": _same_person, "two_people": None},
)


def ask(phone: str, card_no: str, *, mall_id: int, now: datetime) -> bool:
    """Ask whether the joined owners of a phone and a card are one person; False for fewer than two or asked before."""
    owners = (
        queries.find_member_id(IdentityKind.PHONE, phones.phone_index(phone)),
        queries.find_member_id(IdentityKind.CARD_NO, card_no),
    )
    pair = sorted({member.id for owner in owners if owner and queries.is_joined(member := queries.get_member(owner))})
    subject = "members:" + "-".join(map(str, pair))
    if len(pair) < 2 or case_queries.list_known(DUPLICATE.code, [subject]):
        return False
    return cases.raise_case(
        DUPLICATE,
        subject,
        mall_id=mall_id,
        reason="phone_and_card",
        evidence=[f"member:{member_id}" for member_id in pair],
        now=now,
    )
