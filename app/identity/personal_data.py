"""Personal data: what says who a member is, how they sign in, what they agreed to."""

from typing import Any

from sqlalchemy import Select, and_, case, select

from app.identity import queries
from app.identity.models import (
    ConsentDocument,
    ConsentRecord,
    IdentityKind,
    Member,
    MemberIdentity,
    MemberPreference,
    MemberSession,
)
from app.kernel.db import table_of
from app.kernel.personal_data import Ids, SealedColumn, Sections
from app.verification import phones

# What a person can read of their identities; the others are ids between us and a platform, or an index.
_READABLE = (IdentityKind.CARD_NO.value, IdentityKind.PLATE.value)


def _identities(ids: Ids) -> Select[Any]:
    one = MemberIdentity
    value = case((one.kind.in_(_READABLE), one.value)).label("value")
    return select(one.kind, value, one.bound_at).where(one.member_id.in_(ids)).order_by(one.bound_at, one.kind)


def _consents(ids: Ids) -> Select[Any]:
    one, text = ConsentRecord, ConsentDocument
    return (
        select(one.kind, one.version, text.title, one.channel, one.given_at, one.withdrawn_at)
        .outerjoin(text, and_(text.kind == one.kind, text.version == one.version))
        .where(one.member_id.in_(ids))
        .order_by(one.given_at, one.id)
    )


def _preferences(ids: Ids) -> Select[Any]:
    one = MemberPreference
    return select(one.category, one.chosen_at).where(one.member_id.in_(ids)).order_by(one.category)


def _sign_ins(ids: Ids) -> Select[Any]:
    one = MemberSession
    return (
        select(one.channel, one.created_at, one.expires_at, one.revoked_at)
        .where(one.member_id.in_(ids))
        .order_by(one.created_at, one.id)
    )


SECTIONS: Sections = {
    "identities": _identities,
    "consents": _consents,
    "preferences": _preferences,
    "sign_ins": _sign_ins,
}

# Tables with a member's key that are not in the document, and why.
LEFT_OUT = {
    "member_merges": "how identities came together; they stand among the identities",
    "used_member_codes": "random numbers of codes, kept for a day",
}

SEALED = (
    SealedColumn(table_of(Member), "phone_sealed", phones.PHONE_PURPOSE),
    SealedColumn(table_of(Member), "name_sealed", queries.NAME_PURPOSE),
)
