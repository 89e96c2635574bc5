"""Whom the mall's staff can write to by themselves."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, select, union

from app.contacts.groups.models import WecomGroupPerson
from app.contacts.models import WecomContact
from app.identity.models import IdentityKind, MemberIdentity

_KNOWN = MemberIdentity.kind == IdentityKind.WECOM_EXTERNAL.value


def select_reachable() -> CompoundSelect[Any]:
    """The numbers of those who are a contact of our staff in WeCom now, or in a group of theirs."""
    return union(_befriended(), _in_groups())


def _befriended() -> Select[Any]:
    one = WecomContact
    theirs = select(MemberIdentity.member_id).join(one, one.external_user_id == MemberIdentity.value)
    return theirs.where(_KNOWN, one.added_at.is_not(None), one.removed_at.is_(None))


def _in_groups() -> Select[Any]:
    one = WecomGroupPerson
    theirs = select(MemberIdentity.member_id).join(one, one.external_user_id == MemberIdentity.value)
    return theirs.where(_KNOWN, one.left_at.is_(None))
