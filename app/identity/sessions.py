"""Signed-in devices of members: started, resolved, revoked. The edge signs the secret; only its digest is stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

from app.access.errors import SessionExpired
from app.identity import queries
from app.identity.models import Member, MemberSession
from app.kernel.db import db, table_of
from app.kernel.fastpath import entities
from app.kernel.fastpath.prepared import Prepared
from app.kernel.security import codes, crypto

LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Started:
    """A new session: the secret goes to the device, once."""

    member_id: int
    secret: str
    expires_at: datetime


_FIELDS = ("member_id", "token_digest", "channel", "openid", "created_at", "expires_at")
_START = Prepared(insert(table_of(MemberSession)).values({name: bindparam(name) for name in _FIELDS}))


def start(member_id: int, *, channel: str, openid: str | None, now: datetime) -> Started:
    """Sign a device in for 30 days."""
    secret = codes.new_token()
    _START.later(
        {
            "member_id": member_id,
            "token_digest": crypto.digest(secret),
            "channel": channel,
            "openid": openid,
            "created_at": now,
            "expires_at": now + LIFETIME,
        }
    )
    return Started(member_id=member_id, secret=secret, expires_at=now + LIFETIME)


_MEMBERS = table_of(Member)
_SESSION = ("channel", "openid", "expires_at", "revoked_at")
_HELD = Prepared(
    select(_MEMBERS, *(getattr(MemberSession, name).label(f"session_{name}") for name in _SESSION))
    .select_from(MemberSession)
    .join(_MEMBERS, _MEMBERS.c.id == MemberSession.member_id)
    .where(MemberSession.member_id == bindparam("member_id"), MemberSession.token_digest == bindparam("token_digest")),
    alone=True,
)


@dataclass(frozen=True, slots=True)
class Device:
    """Where a session was started: the channel, and who its holder is there."""

    channel: str
    openid: str | None


def resolve(member_id: int, secret: str, *, now: datetime) -> tuple[Member, Device]:
    """Who holds the session now, following merges; raises SessionExpired when it is over, revoked or unknown."""
    row = _HELD.first(member_id=member_id, token_digest=crypto.digest(secret))
    if row is None or row.session_revoked_at is not None or row.session_expires_at <= now:
        raise SessionExpired
    found = entities.hold(Member, {name: getattr(row, name) for name in _MEMBERS.c.keys()})
    member = found if found.merged_into_id is None else queries.get_member(found.merged_into_id)
    if queries.has_left(member):
        raise SessionExpired
    return member, Device(row.session_channel, row.session_openid)


def was_ended_by_leaving(member_id: int, secret: str) -> bool:
    """Whether the session is one of those that ended when its member left."""
    session = db.session.scalar(
        select(MemberSession).where(
            MemberSession.member_id == member_id, MemberSession.token_digest == crypto.digest(secret)
        )
    )
    if session is None or session.revoked_at is None:
        return False
    return session.revoked_at == queries.get_member(member_id).closed_at


def revoke(member_id: int, secret: str, *, now: datetime) -> None:
    """End the session; ending it twice changes nothing."""
    db.session.execute(
        update(MemberSession)
        .where(
            MemberSession.member_id == member_id,
            MemberSession.token_digest == crypto.digest(secret),
            MemberSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
