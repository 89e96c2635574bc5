"""Members who may be one person: an import names the phone of one with the card of another, and people decide."""

from datetime import datetime, timedelta

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.flows.history import merging
from app.identity import queries
from app.identity.models import IdentityKind
from app.verification import phones


def _same_person(case: Case, *, now: datetime) -> None:
    """Let the two be one; raises MergeHeldUp, changing nothing. Nothing is doubtful when they are, or one has left."""
    one_id, other_id = _members_of(case)
    merging.merge_members(one_id, other_id, now=now)


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
