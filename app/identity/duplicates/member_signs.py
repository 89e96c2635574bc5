"""What members themselves have that may be another's, too: proven phones, plates, names with birthdays."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, bindparam, func, select

from app.identity.duplicates.signs import Found, Sign
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.identity.profiles.models import MemberProfile
from app.identity.queries import NAME_PURPOSE
from app.kernel.db import db
from app.kernel.security import crypto
from app.verification import phones


def _is_of(column: Any, member_ids: Sequence[int]) -> ColumnElement[bool]:
    theirs: ColumnElement[bool] = column == func.any(bindparam(None, list(member_ids), type_=ARRAY(BigInteger())))
    return theirs


def _identities(kind: IdentityKind, member_ids: Sequence[int]) -> Iterator[Found]:
    one = MemberIdentity
    rows = db.session.execute(
        select(one.member_id, one.value).where(_is_of(one.member_id, member_ids), one.kind == kind.value)
    )
    yield from ((row.member_id, row.value) for row in rows)


def _phones(member_ids: Sequence[int]) -> Iterator[Found]:
    """By the directory, and by what members show: an old fault has parted the two for some."""
    yield from _identities(IdentityKind.PHONE, member_ids)
    shown = select(Member.id, Member.phone_sealed).where(
        _is_of(Member.id, member_ids), Member.phone_sealed.is_not(None)
    )
    for member_id, sealed in db.session.execute(shown):
        yield member_id, phones.phone_index(crypto.unseal(sealed, purpose=phones.PHONE_PURPOSE))


def _plates(member_ids: Sequence[int]) -> Iterator[Found]:
    return _identities(IdentityKind.PLATE, member_ids)


def _birthdays(member_ids: Sequence[int]) -> Iterator[Found]:
    for member_id, name, profile in _named(member_ids):
        yield member_id, f"{name}|{profile.birth_month}-{profile.birth_day}"


def _birthdates(member_ids: Sequence[int]) -> Iterator[Found]:
    for member_id, name, profile in _named(member_ids):
        if profile.birth_year is not None:
            yield member_id, f"{name}|{profile.birth_year}-{profile.birth_month}-{profile.birth_day}"


def _named(member_ids: Sequence[int]) -> Iterator[tuple[int, str, MemberProfile]]:
    """Members whose name and birthday are known, with the name as it is compared."""
    rows = db.session.execute(
        select(Member.id, Member.name_sealed, MemberProfile)
        .join(MemberProfile, MemberProfile.member_id == Member.id)
        .where(_is_of(Member.id, member_ids), Member.name_sealed.is_not(None), MemberProfile.birth_month.is_not(None))
    )
    for member_id, sealed, profile in rows:
        yield member_id, _plain(crypto.unseal(sealed, purpose=NAME_PURPOSE)), profile


def _plain(name: str) -> str:
    """Without spaces, width and case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _bound(since: datetime | None) -> Select[Any]:
    """Who was given an identity; all members before the first search."""
    found = select(MemberIdentity.member_id).where(
        MemberIdentity.kind.in_([IdentityKind.PHONE.value, IdentityKind.PLATE.value])
    )
    return found if since is None else found.where(MemberIdentity.bound_at >= since)


def _told(since: datetime | None) -> Select[Any]:
    """Who told their birthday."""
    found = select(MemberProfile.member_id).where(MemberProfile.birth_month.is_not(None))
    return found if since is None else found.where(MemberProfile.changed_at >= since)


SIGNS = (
    Sign(kind="phone", read=_phones, changed=_bound),
    Sign(kind="plate", read=_plates, changed=_bound),
    Sign(kind="birthday", read=_birthdays, changed=_told),
    Sign(kind="birthdate", read=_birthdates, changed=_told),
)
