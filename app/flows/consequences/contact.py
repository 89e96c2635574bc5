"""Whom WeCom tells us of is known, with what follows from two that we knew being one."""

from datetime import datetime

from app.contacts import contacts
from app.flows.consequences import returning
from app.flows.consequences.circle import late
from app.identity import queries
from app.identity.models import IdentityKind, Member


def know(external_user_id: str, unionid: str | None, *, home_mall_id: int, now: datetime) -> Member:
    """The member this contact is, or a visitor; whoever was two until now is told of what they had as the other."""
    were = queries.find_member_id(IdentityKind.UNIONID, unionid) if unionid else None
    member = contacts.link(external_user_id, unionid, home_mall_id=home_mall_id, now=now)
    returning.recall(member, now=now)
    late.bring_merged(member, [] if were is None else [were], now=now)
    return member
