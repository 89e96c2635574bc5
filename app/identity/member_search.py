"""Finding members by what they can tell: the whole of a phone, card number, plate or name, or a phone's last digits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update

from app.identity import queries
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.security import crypto
from app.kernel.spelling import phones as spelling_phones
from app.kernel.spelling import plates
from app.kernel.spelling.cards import spell_card
from app.kernel.spelling.errors import PlateInvalid
from app.verification import phones

TAIL = 4
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


def list_by_name(name: str, *, most: int) -> Sequence[Member]:
    """Who has joined and bears this whole name, the latest first, at most so many."""
    return _joined(Member.name_index == queries.name_index(name), most=most)


def list_by_phone_tail(tail: str, *, most: int) -> Sequence[Member]:
    """The same for the last four digits of the phone."""
    return _joined(func.right(Member.phone_masked, TAIL) == tail, most=most)


def _joined(wanted: ColumnElement[bool], *, most: int) -> Sequence[Member]:
    found = select(Member).where(*HAS_JOINED, wanted)
    return db.session.scalars(found.order_by(Member.joined_at.desc(), Member.id.desc()).limit(most)).all()


def index_names(*, limit: int) -> int:
    """Let names that were kept before there was an index be found by it, up to so many; returns how many."""
    missing = select(Member.id, Member.name_sealed).where(Member.name_sealed.is_not(None), Member.name_index.is_(None))
    found = db.session.execute(missing.order_by(Member.id).limit(limit)).all()
    for member_id, sealed in found:
        index = queries.name_index(crypto.unseal(sealed, purpose=queries.NAME_PURPOSE))
        is_same = (Member.id == member_id, Member.name_sealed == sealed)  # somebody may be leaving meanwhile
        db.session.execute(update(Member).where(*is_same).values(name_index=index))
    return len(found)


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
