"""What an old fault left in the directory of identities: rows of numbers that are nobody, members whose phone is lost.

Nothing makes such rows any more (`queries.lock_people`). A row of somebody who was merged belongs to whom they are now;
one of somebody who has left is free; a phone that a member has and the directory does not is written there again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, bindparam, delete, func, select, update

from app.identity import members, queries
from app.identity.models import IdentityKind, Member, MemberIdentity, MemberStatus
from app.kernel.db import db
from app.verification import phones

_PAGE = 1000
_GONE = (MemberStatus.MERGED.value, MemberStatus.CLOSED.value)


class Fault(StrEnum):
    """What is wrong with a row."""

    MERGED_OWNER = "merged_owner"  # bears the number of somebody who is another member; moves to them
    OWNER_LEFT = "owner_left"  # bears the number of somebody who has left; becomes free
    PHONE_LOST = "phone_lost"  # a member's phone stands nowhere in the directory; is bound again
    PHONE_OF_TWO = "phone_of_two"  # the lost phone is another member's by now: people must decide


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that is wrong; `member_id` is the number it bears."""

    fault: Fault
    member_id: int
    kind: IdentityKind
    value: str


def find_faults() -> Iterator[Finding]:
    """Everything that is wrong, read page by page."""
    for members_of_page in _pages(_GONE):
        yield from _dead_rows(members_of_page)
    for members_of_page in _pages((MemberStatus.MEMBER.value,)):
        yield from _lost_phones(members_of_page)


def _pages(statuses: Sequence[str]) -> Iterator[Sequence[Member]]:
    after = 0
    while True:
        page = db.session.scalars(
            select(Member).where(Member.status.in_(statuses), Member.id > after).order_by(Member.id).limit(_PAGE)
        ).all()
        if not page:
            return
        after = page[-1].id
        yield page


def _identities(page: Sequence[Member], *kinds: IdentityKind) -> Sequence[MemberIdentity]:
    ids = bindparam("ids", [member.id for member in page], type_=ARRAY(BigInteger()))
    query = select(MemberIdentity).where(MemberIdentity.member_id == func.any(ids))
    if kinds:
        query = query.where(MemberIdentity.kind.in_(kinds))
    return db.session.scalars(query.order_by(MemberIdentity.member_id, MemberIdentity.kind, MemberIdentity.value)).all()


def _dead_rows(page: Sequence[Member]) -> Iterator[Finding]:
    for row in _identities(page):
        left = queries.has_left(queries.get_member(row.member_id))
        fault = Fault.OWNER_LEFT if left else Fault.MERGED_OWNER
        yield Finding(fault, row.member_id, IdentityKind(row.kind), row.value)


def _lost_phones(page: Sequence[Member]) -> Iterator[Finding]:
    bound = {row.member_id for row in _identities(page, IdentityKind.PHONE)}
    for member in page:
        phone = members.phone_of(member) if member.id not in bound else None
        if phone is not None:
            index = phones.phone_index(phone)
            owner_id = queries.find_member_id(IdentityKind.PHONE, index)
            fault = Fault.PHONE_LOST if owner_id is None or _is_nobody(owner_id) else Fault.PHONE_OF_TWO
            yield Finding(fault, member.id, IdentityKind.PHONE, index)


def _is_nobody(member_id: int) -> bool:
    return queries.has_left(queries.get_member(member_id))


def mend(finding: Finding, *, now: datetime) -> bool:
    """Put one row right, unless it is by now; False when people must decide."""
    if finding.fault is Fault.PHONE_OF_TWO:
        return False
    owner = queries.lock_member(finding.member_id)
    if finding.fault is Fault.PHONE_LOST:
        return queries.has_left(owner) or members.bind(owner, finding.kind, finding.value, now=now)
    theirs = (
        MemberIdentity.kind == finding.kind.value,
        MemberIdentity.value == finding.value,
        MemberIdentity.member_id == finding.member_id,
    )
    if queries.has_left(owner):
        db.session.execute(delete(MemberIdentity).where(*theirs))
    else:
        db.session.execute(update(MemberIdentity).where(*theirs).values(member_id=owner.id))
        _show_phone(finding, owner)
    return True


def _show_phone(finding: Finding, owner: Member) -> None:
    """Let the member have the phone that was bound to who they were, if they have none."""
    former = db.session.get(Member, finding.member_id)
    if finding.kind is IdentityKind.PHONE and owner.phone_sealed is None and former is not None:
        owner.phone_sealed, owner.phone_masked = former.phone_sealed, former.phone_masked
        db.session.flush()
