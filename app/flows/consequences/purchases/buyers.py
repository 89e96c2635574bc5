"""Who buys: what a till knows of the customer, and whose receipt that makes it."""

from dataclasses import dataclass
from datetime import datetime

from app.identity import queries
from app.identity.codes import member_codes
from app.identity.models import IdentityKind, Member
from app.kernel.spelling.phones import find_phone
from app.verification import phones


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """How the till knows the customer: at most one of these. `member_id` is of a platform that tells who they are."""

    member_id: int | None = None
    member_code: str | None = None
    phone: str | None = None
    card_no: str | None = None

    @property
    def is_named(self) -> bool:
        """Whether it says anything that can be read: a phone that is none names nobody."""
        known = (self.member_id, self.member_code, self.card_no, self._number)
        return any(one is not None for one in known)

    @property
    def _number(self) -> str | None:
        return None if self.phone is None else find_phone(self.phone)


def lock(buyer: Buyer, *, used_by: str, now: datetime) -> Member | None:
    """The joined member, locked; None for anybody else. A code is taken by the receipt. Raises its refusals."""
    member_id = _find(buyer, used_by=used_by, now=now)
    member = None if member_id is None else queries.lock_member(member_id)
    return member if member is not None and queries.is_joined(member) else None


def _find(buyer: Buyer, *, used_by: str, now: datetime) -> int | None:
    """Somebody we know by code, phone or card."""
    if buyer.member_code is not None:
        return member_codes.use(buyer.member_code, used_by=used_by, now=now)
    return _find_by_identity(buyer)


def is_member(buyer: Buyer, member: Member) -> bool:
    """Whether it is this member that the till means; a code says so also when it is too old to be taken.

    Raises MemberCodeInvalid.
    """
    if buyer.member_code is not None:
        found = member_codes.find_holder(buyer.member_code)
    else:
        member_id = _find_by_identity(buyer)
        found = None if member_id is None else queries.get_member(member_id)
    return found is not None and found.id == member.id


def _find_by_identity(buyer: Buyer) -> int | None:
    if buyer.member_id is not None:
        return buyer.member_id
    if buyer.card_no is not None:
        return queries.find_member_id(IdentityKind.CARD_NO, buyer.card_no)
    number = buyer._number
    return None if number is None else queries.find_member_id(IdentityKind.PHONE, phones.phone_index(number))
