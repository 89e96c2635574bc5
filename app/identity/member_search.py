"""Finding one member by what they can tell: phone, card number, plate. Nothing is found by parts of these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from app.identity import queries
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.spelling import phones as spelling_phones
from app.kernel.spelling import plates
from app.kernel.spelling.cards import spell_card
from app.kernel.spelling.errors import PlateInvalid
from app.verification import phones

JOINED_ORDER = Order(Member.joined_at.desc(), Member.id.desc())


@dataclass(frozen=True, slots=True)
class Found:
    """What the text was taken for, and whose it is."""

    kind: IdentityKind
    member_id: int | None


def find(text: str) -> Found:
    """Whose phone, plate or card number this is; phones are looked up by their blind index.

    Old cards bear whatever a mall once printed on them, also what could be a phone or a plate.
    """
    first: Found | None = None
    for kind, read in _READINGS:
        value = read(text)
        if value is None:
            continue
        found = Found(kind, queries.find_member_id(kind, value))
        if found.member_id is not None:
            return found
        first = first or found
    return first or Found(IdentityKind.CARD_NO, None)


def _phone_value(text: str) -> str | None:
    phone = spelling_phones.find_phone(text)
    return None if phone is None else phones.phone_index(phone)


def _plate_value(text: str) -> str | None:
    try:
        return plates.normalise_plate(text)
    except PlateInvalid:
        return None


_READINGS: tuple[tuple[IdentityKind, Callable[[str], str | None]], ...] = (
    (IdentityKind.PHONE, _phone_value),
    (IdentityKind.PLATE, _plate_value),
    (IdentityKind.CARD_NO, spell_card),
)
HAS_JOINED = (Member.joined_at.is_not(None), Member.merged_into_id.is_(None))


def list_joined(*wanted: ColumnElement[bool], order: Order = JOINED_ORDER, asked: Asked = FIRST) -> Page[Member]:
    """A page of members who have joined, the latest first if not asked otherwise."""
    return keyset.scalars(select(Member).where(*HAS_JOINED, *wanted), order, asked)


def list_all_identities(member_id: int) -> Sequence[MemberIdentity]:
    """Everything the member is recognised by, by kind and age."""
    return db.session.scalars(
        select(MemberIdentity)
        .where(MemberIdentity.member_id == member_id)
        .order_by(MemberIdentity.kind, MemberIdentity.bound_at, MemberIdentity.value)
    ).all()
