"""The rolling member code: who, when, and a signature that a till can check without network.

Layout, 27 bytes before the signature: version, member's public id (16), issue time in seconds (4), nonce (6).
A code lives for a minute, plus grace for slow hands and clocks, and counts once.
"""

import base64
import binascii
import os
import struct
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.identity import queries
from app.identity.errors import (
    MemberClosed,
    MemberCodeCaseLost,
    MemberCodeExpired,
    MemberCodeGarbled,
    MemberCodeInvalid,
    MemberCodeUsed,
)
from app.identity.models import Member, UsedMemberCode
from app.kernel.db import db
from app.kernel.security import crypto
from app.kernel.spelling.codes import spell_cased_code

PREFIX = "HM1."
LIFETIME = timedelta(seconds=60)
GRACE = timedelta(seconds=30)
_BODY = struct.Struct(">B16sI6s")
_VERSION = 1
# So many letters of base64 are of one case only when something made them so.
_LONG_ENOUGH = 40


@dataclass(frozen=True, slots=True)
class MemberCode:
    """A code to show, and when the next one is due."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What a genuine, fresh code says."""

    public_id: str
    issued_at: datetime
    nonce: str


def mint(member: Member, *, now: datetime) -> MemberCode:
    """A fresh code for the member."""
    body = _BODY.pack(_VERSION, bytes.fromhex(member.public_id), int(now.timestamp()), os.urandom(6))
    text = base64.urlsafe_b64encode(body + crypto.sign(body)).decode().rstrip("=")
    return MemberCode(text=PREFIX + text, expires_at=now + LIFETIME)


def spell(text: str) -> str:
    """A member code as it was shown, whatever a scanner gun made of it."""
    return spell_cased_code(text, prefix=PREFIX)


def looks_like_one(text: str) -> bool:
    """Whether a scanned text claims to be a member code."""
    return spell(text).startswith(PREFIX)


def read(text: str, *, now: datetime) -> Reading:
    """Check signature and age without touching the database.

    Raises MemberCodeInvalid (MemberCodeGarbled, MemberCodeCaseLost for what a scanner gun spoiled), MemberCodeExpired.
    """
    public_id, seconds, nonce = _genuine(text)
    issued_at = datetime.fromtimestamp(seconds, UTC)
    if not issued_at - GRACE <= now < issued_at + LIFETIME + GRACE:
        raise MemberCodeExpired
    return Reading(public_id=public_id.hex(), issued_at=issued_at, nonce=nonce.hex())


def find_holder(text: str) -> Member | None:
    """Whose code it is, however old (following merges). Raises MemberCodeInvalid."""
    public_id, _, _ = _genuine(text)
    found = queries.find_member_by_public_id(public_id.hex())
    return None if found is None else queries.get_member(found.id)


def _genuine(text: str) -> tuple[bytes, int, bytes]:
    """Public id, second of issue and nonce of a code that we signed."""
    body, signature = _parts(spell(text))
    if not crypto.is_signed(body, signature):
        raise MemberCodeInvalid
    _, public_id, seconds, nonce = _BODY.unpack(body)
    return public_id, seconds, nonce


def _parts(code: str) -> tuple[bytes, bytes]:
    _ensure_as_shown(code)
    try:
        encoded = code.removeprefix(PREFIX).encode("ascii")
        raw = base64.b64decode(encoded + b"=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise MemberCodeInvalid from error
    if not code.startswith(PREFIX) or len(raw) != _BODY.size + 64 or raw[0] != _VERSION:
        raise MemberCodeInvalid
    return raw[: _BODY.size], raw[_BODY.size :]


def _ensure_as_shown(code: str) -> None:
    """A code has letters of both cases and ASCII only; what has not was changed between the gun and us."""
    body = code.removeprefix(PREFIX)
    if not body.isascii():
        raise MemberCodeGarbled
    if len(body) >= _LONG_ENOUGH and (body.isupper() or body.islower()):
        raise MemberCodeCaseLost


def use(text: str, *, used_by: str, now: datetime, beside: str = "") -> int:
    """Take a code once; returns the member's id (following merges).

    Raises the refusals of `read`, MemberCodeUsed, and MemberClosed when the member has left since it was shown.
    The same taker may read it again within its life. Once more than what else it is used for it counts for what is
    named `beside`: a receipt and the points that pay it are one visit to the till.
    """
    reading = read(text, now=now)
    found = queries.find_member_by_public_id(reading.public_id)
    if found is None:
        raise MemberCodeInvalid
    take_once(found.id, f"{beside}{reading.nonce}", used_by=used_by, now=now)
    member = queries.get_member(found.id)
    if queries.has_left(member):
        raise MemberClosed
    return member.id


def take_once(member_id: int, nonce: str, *, used_by: str, now: datetime) -> None:
    """Let the first taker have a code, and have it again; raises MemberCodeUsed for any other."""
    taken_by = db.session.execute(
        insert(UsedMemberCode)
        .values(member_id=member_id, nonce=nonce, used_at=now, used_by=used_by)
        .on_conflict_do_update(index_elements=["member_id", "nonce"], set_={"used_by": UsedMemberCode.used_by})
        .returning(UsedMemberCode.used_by)
    ).scalar_one()
    if taken_by != used_by:
        raise MemberCodeUsed


def find_taken(member_ids: Collection[int], *, used_by: str, since: datetime) -> str | None:
    """The latest code of a person that a taker has had since a moment, by its nonce; None when there is none."""
    return db.session.scalar(
        select(UsedMemberCode.nonce)
        .where(
            UsedMemberCode.member_id.in_(member_ids),
            UsedMemberCode.used_by == used_by,
            UsedMemberCode.used_at >= since,
        )
        .order_by(UsedMemberCode.used_at.desc(), UsedMemberCode.nonce)
        .limit(1)
    )


def sweep(*, now: datetime) -> int:
    """Drop taken codes that no till would accept any more; returns how many."""
    result = db.session.execute(delete(UsedMemberCode).where(UsedMemberCode.used_at < now - timedelta(days=1)))
    return int(getattr(result, "rowcount", 0))
